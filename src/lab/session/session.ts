import { isAbort } from '../abort';
import type { Dataset } from '../data/dataset';
import { willStream } from '../data/read-stored';
import type { DataHost, LoadOptions, ReadAsset } from '../data/sources/source';
import { listsFileNames, readIndexList } from '../forget/index-lists/recognise';
import type { LabApi, LabEvent } from '../lab-api';
import { type StudyEstimate, studyCost } from '../plan/cost';
import { everyStrategy } from '../plan/every-strategy';
import { canonicalJson } from '../plan/hash';
import { restrictPlan } from '../plan/parts';
import { type Plan, type StageRef, stageRef, type Winners } from '../plan/plan';
import { planStudy } from '../plan/plan-study';
import { joinParts, partOf } from '../results/build-result';
import { LetheError } from '../settings';
import { broughtFile, keepCheckpoint, keepWeights, readGivenFile } from '../stages/common/given-weights';
import { askedComparison, findingsOf } from '../stages/compare';
import type { StudyContext } from '../stages/context';
import type { LabRegistries } from '../stages/stage-kind';
import type { Locks } from '../store/locks';
import type { ArtifactStore } from '../store/store';
import type { DeviceDescription, StudyPart } from '../study/result';
import type { Study } from '../study/study';
import type { Engine } from '../train/engine';
import { calibrationData, calibrationOf, keptRate, raiseKeptRate } from './calibrate';
import { Controller } from './controller';
import { keepDataFiles } from './data-file';
import { exportArtifact } from './export';
import { deviceLost, endOfStudy } from './faults';
import { LabDevice } from './lab-device';
import { loadingTimed } from './load-progress';
import { inspectUnits, probeUnits } from './probe';
import { createReadings } from './readings';
import { settledPlan } from './settled-plan';
import { type RunnerInputs, StudyRunner } from './study-runner';
import { whatIsFile } from './what-is-file';

export interface SessionOptions {
  registries: LabRegistries;
  /** Opens the device. @throws LetheError naming what is missing. */
  openEngine(): Promise<Engine>;
  readAsset: ReadAsset;
  /** Loads and keeps the data sets that are not shipped with Lethe; absent: those cannot be used. */
  dataHost?: DataHost;
  store: ArtifactStore;
  /** Where other processes may work on the same store: each stage is then computed by one of them at a time. */
  locks?: Locks;
  emit(event: LabEvent): void;
  /** A clock in milliseconds, for costs and progress only. */
  now?: () => number;
  /** ISO date that a finished study carries. */
  today?: () => string;
  /** At most so much training is lost when the process dies: how often its state is written. */
  checkpointSeconds?: number;
}

/** What `LabApi` offers, without subscriptions: one study at a time on one device. */
export type Session = Omit<LabApi, 'subscribe'> & {
  /**
   * Runs or resumes some parts of a study (`partsOf`), with whatever they need that the store does not hold yet.
   * @throws LetheError when the study has no such part.
   */
  runParts(study: Study, ids: readonly string[]): Promise<StudyPart>;
  /**
   * What a study will take on this device, measured on a few training steps; the measurement is kept in the store.
   * @throws LetheError when the device cannot hold it, naming what would fit.
   */
  estimate(study: Study): Promise<StudyEstimate>;
  dispose(): void;
};

/**
 * A lab: it plans a study, runs its stages on the device with the artifact cache, and can be paused, stepped and cancelled. A
 * study that was cancelled or died goes on where it stopped when it is run again.
 */
export function createSession(options: SessionOptions): Session {
  const { registries, store, emit } = options;
  const now = options.now ?? (() => performance.now());
  const today = options.today ?? (() => new Date().toISOString());

  let dataset: { key: string; data: Dataset } | undefined;
  let running: Controller | undefined;
  const readings = createReadings();
  /** Ends with the export that was asked for last. */
  let exported = Promise.resolve();
  let last: StudyRunner | undefined;
  /** Ends what uses the device at once. */
  let endWork: (reason: LetheError) => void = () => {};
  const labDevice = new LabDevice({
    registries,
    openEngine: options.openEngine,
    onLost: (message) => {
      emit({ type: 'device-lost', message });
      const error = deviceLost(message);
      running?.cancel(error);
      endWork(error);
    },
  });

  async function loadData(study: Study['data'], watched: Omit<LoadOptions, 'host'>): Promise<Dataset> {
    const key = canonicalJson(study);
    if (dataset?.key !== key) {
      const source = registries.sources.get(study.source);
      const { train, test } = study;
      const data = await source.load({ train, test }, options.readAsset, {
        ...watched,
        host: options.dataHost,
      });
      dataset = { key, data: study.normalise ? { ...data, normalise: study.normalise } : data };
    }
    return dataset.data;
  }

  /** The data of a study, loaded under its control; the first stage tells how far it is. */
  function studyData(
    plan: Plan,
    { signal }: Controller,
    tell: (event: LabEvent) => void = emit,
  ): Promise<Dataset> {
    const ref = stageRef(plan, plan.stages[0]!);
    const timed = loadingTimed(now);
    return loadData(plan.study.data, {
      signal,
      onProgress: (progress) => tell({ type: 'stage-progress', ref, progress: timed(progress) }),
    });
  }

  /** @param ids parts of the study; absent: all of it */
  async function runPlan(study: Study, controller: Controller, ids?: readonly string[]): Promise<StudyPart> {
    const settle = (winners?: Winners) => {
      const whole = planStudy(study, registries, winners);
      return ids ? restrictPlan(whole, registries, ids) : whole;
    };
    const plan = settle();
    const refs = refsOf(plan);
    emit({ type: 'study-started', study: plan.hash, stages: refs, cached: await cachedKeys(plan) });
    // Paused while the cache was looked through: a study that starts counts as running until it says otherwise.
    if (controller.state !== 'running')
      emit({ type: 'study-state', study: plan.hash, state: controller.state });
    return withRunner({ plan, settle }, controller, emit, async (runner, { device }) => {
      last = runner;
      const outcomes = await runner.run();
      return partOf(runner.context.plan, outcomes, device, today());
    });
  }

  /** Uses the device for one plan; ends by itself when the device is lost. */
  async function withRunner<T>(
    { plan, settle }: Pick<RunnerInputs, 'plan' | 'settle'>,
    controller: Controller,
    tell: (event: LabEvent) => void,
    use: (runner: StudyRunner, opened: Engine) => Promise<T>,
  ): Promise<T> {
    const data = await studyData(plan, controller, tell);
    controller.throwIfCancelled();
    const opened = await labDevice.open();
    // Reads that wait for a lost device may never come back, so losing it must end the study by itself.
    const lost = new Promise<never>((_, reject) => {
      endWork = reject;
    });
    const work = async () => {
      const model = await labDevice.prepare(plan, opened, data);
      const runner = new StudyRunner({
        plan,
        settle,
        registries,
        dataset: data,
        model,
        useData: (other) => labDevice.prepare(plan, opened, other),
        store,
        locks: options.locks,
        controller,
        now,
        emit: tell,
        checkpointSeconds: options.checkpointSeconds ?? 5,
      });
      const rated = { plan, device: opened.device, shape: data.shape, store };
      return use(runner, opened).finally(() => raiseKeptRate(rated, runner.pace));
    };
    return Promise.race([work(), lost]);
  }

  /** Questions to a study that says nothing while it is asked; `cancel` ends them. */
  async function ask<T>(
    study: Study,
    seed: number,
    use: (runner: StudyRunner, context: StudyContext, controller: Controller) => Promise<T>,
    tell: (event: LabEvent) => void = () => {},
  ): Promise<T> {
    const settle = (winners?: Winners) => planStudy(study, registries, winners);
    return claim(new Controller(now, () => {}), async (controller) =>
      withRunner(
        { plan: await settledPlan(study, registries, store), settle },
        controller,
        tell,
        async (runner) => use(runner, await runner.open(seed), controller),
      ),
    );
  }

  async function estimatePlan(plan: Plan, controller: Controller): Promise<StudyEstimate> {
    const source = registries.sources.get(plan.study.data.source);
    const { shape, augment } = source;
    const opened = await labDevice.open();
    const { device } = opened;
    const data = { shape, augment, streamed: willStream(source, plan.study.data, options.dataHost?.memory) };
    await labDevice.checkFits(plan, opened, data);
    let noise: Dataset | undefined;
    const measured = { plan, device, shape, store, control: controller.control(), now };
    const rate = await keptRate(measured, (images) => {
      noise = calibrationData(source, images);
      return labDevice.bring(plan, opened, noise);
    }).finally(() => {
      if (noise && labDevice.data === noise) labDevice.clear();
    });
    const cached = new Set(await cachedKeys(plan));
    const cost = studyCost({ plan, registries, data, cached });
    const left = options.dataHost && (await source.toLoad?.(plan.study.data, options.dataHost.cache));
    return {
      ...cost,
      device,
      imagesPerSecond: rate,
      seconds: cost.passes / rate,
      ...(left && left.download > 0 && { toLoad: left }),
    };
  }

  /** A study that tells whoever listens how it fares, its failure too. */
  async function supervised<T>(plan: Plan, work: (controller: Controller) => Promise<T>): Promise<T> {
    const controller = new Controller(now, (state) => emit({ type: 'study-state', study: plan.hash, state }));
    return claim(controller, async () => {
      try {
        if (plan.refusals[0]) throw new LetheError(plan.refusals[0]);
        return await work(controller);
      } catch (thrown) {
        const error = endOfStudy(thrown);
        const message = error instanceof Error ? error.message : String(error);
        if (!isAbort(error)) emit({ type: 'study-failed', study: plan.hash, message });
        throw error;
      }
    });
  }

  /** Only one thing at a time uses the device. */
  async function claim<T>(controller: Controller, work: (controller: Controller) => Promise<T>): Promise<T> {
    if (running) throw new LetheError('A study is already running; stop it first.');
    running = controller;
    try {
      return await work(controller);
    } finally {
      running = undefined;
      labDevice.free();
    }
  }

  async function cachedKeys(plan: Plan): Promise<string[]> {
    const keys = new Set(await store.keys());
    return plan.stages.filter(({ key }) => keys.has(key)).map(({ key }) => key);
  }

  return {
    async device(): Promise<DeviceDescription> {
      return (await labDevice.open()).device;
    },

    async openDataFiles(files, labelColumn, ...watched) {
      const source = await readings.read(watched, (watch) =>
        keepDataFiles(files, options.dataHost, watch, labelColumn),
      );
      registries.sources.add(source);
      return { id: source.id };
    },

    async openCheckpoint(file, source, ...watched) {
      return readings.read(watched, (watch) =>
        keepCheckpoint(store, broughtFile(file), registries.sources.get(source), watch),
      );
    },

    async openGivenFile(file, role, study, ...watched) {
      const { spec } = planStudy(study, registries);
      return readings.read(watched, async (watch) => {
        const kept = await readGivenFile(broughtFile(file), role, spec, watch);
        await keepWeights(store, [kept], watch);
        return { given: kept.given, report: kept.report };
      });
    },

    async openIndexList(file, { data, which, numbers }) {
      const { content } = broughtFile(file);
      const cache = options.dataHost?.cache;
      const order = cache && (await registries.sources.find(data.source)?.loadOrder?.(cache));
      if (order && !numbers && !(await listsFileNames(content, file.name, which))) return undefined;
      const torchvision = order && numbers === 'torchvision';
      return readIndexList(content, file.name, { count: data.train, order, torchvision, which });
    },

    async identifyFile(file) {
      return whatIsFile(broughtFile(file).content);
    },

    async cancelReading(reading) {
      readings.cancel(reading);
    },

    async run(study) {
      const plan = planStudy(study, registries);
      return supervised(plan, async (controller) => {
        const result = joinParts(plan, [await runPlan(study, controller)], registries);
        emit({ type: 'study-done', study: plan.hash, result });
        return result;
      });
    },

    async runParts(study, ids) {
      const plan = restrictPlan(planStudy(study, registries), registries, ids);
      return supervised(plan, (controller) => runPlan(study, controller, ids));
    },

    estimate(study) {
      const plan = planStudy(study, registries);
      return supervised(plan, async (controller) =>
        estimatePlan(await settledPlan(study, registries, store), controller),
      );
    },

    async pause() {
      running?.pause();
    },
    async step() {
      running?.step();
    },
    async resume() {
      running?.resume();
    },
    async cancel() {
      running?.cancel();
    },

    async inspect(study) {
      const plan = await settledPlan(study, registries, store);
      return { stages: refsOf(plan), cached: await cachedKeys(plan) };
    },

    async calibrate(study) {
      return claim(new Controller(now, () => {}), async (controller) => {
        const plan = await settledPlan(study, registries, store);
        const about = { device: (await labDevice.open()).device, cached: await cachedKeys(plan) };
        return calibrationOf(about, estimatePlan(plan, controller));
      });
    },

    async inspectUnits(study, seed, units, strategy, onProgress) {
      return ask(study, seed, (_, context, controller) => {
        const control = controller.control(({ done, total }) => onProgress?.(done, total));
        return inspectUnits(context, seed, units, strategy, control);
      });
    },
    async probeUnits(study, seed, units, how) {
      return ask(study, seed, (_, context, controller) =>
        probeUnits(context, seed, units, how, controller.control()),
      );
    },
    async scoreStrategies(study, seed, onMap) {
      return ask(everyStrategy(study, seed, registries), seed, (runner) => runner.scoreMaps(onMap));
    },

    async compareModels(study, pair, comparison, settings, onProgress) {
      const tell = (event: LabEvent) => {
        if (event.type === 'stage-progress') onProgress?.(event.progress);
      };
      const compare = async (runner: StudyRunner, { plan }: StudyContext) =>
        findingsOf(await runner.ask(askedComparison(plan, pair, comparison, settings)));
      return ask(study, pair.seed, compare, tell);
    },

    async export(what, runId, study) {
      if (!last) throw new LetheError('There is nothing to export yet: run a study first.');
      const { context } = last;
      const plan = study ? await settledPlan(study, registries, store) : context.plan;
      // What the store has lost is computed again for it, which no study at work may be disturbed by. Files are asked for several at a time.
      const file = exported.then(() =>
        claim(new Controller(now, () => {}), () => exportArtifact({ ...context, plan }, what, runId)),
      );
      const end = () => undefined;
      exported = file.then(end, end);
      return file;
    },

    dispose() {
      running?.cancel();
      labDevice.dispose();
    },
  };
}

const refsOf = (plan: Plan): StageRef[] => plan.stages.map((stage) => stageRef(plan, stage));
