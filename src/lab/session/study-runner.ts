import type { Dataset } from '../data/dataset';
import type { ForgetSet } from '../forget/forget-rule';
import type { MemorizationStudy } from '../forget/memorization';
import type { LabEvent } from '../lab-api';
import { sizesOf } from '../plan/cost';
import { hashOfForgetSet } from '../plan/hash';
import { type Plan, type PlannedStage, type StageRef, stageRef, type Winners } from '../plan/plan';
import { complement, monitorSamples } from '../plan/samples';
import { isStageOf } from '../plan/stage-planning';
import { EVALUATED_IMAGE, type Sizes } from '../plan/work';
import { noOutcomes, type Outcomes } from '../results/outcomes';
import { DivergedError, FaultError, LetheError } from '../settings';
import { decodeArtifact } from '../stages/common/artifact';
import { keepDivergence, readDivergence } from '../stages/common/divergence';
import { chooseForgetSet, withPlanted } from '../stages/common/forget-set';
import { noteKey } from '../stages/common/model';
import type { EvaluationSpan } from '../stages/common/outputs';
import type { StageContext, StudyContext } from '../stages/context';
import { score } from '../stages/score';
import { select } from '../stages/select';
import type { LabRegistries, StageKind } from '../stages/stage-kind';
import type { Locks } from '../store/locks';
import type { ArtifactStore } from '../store/store';
import type { MapRecord } from '../study/result';
import type { Control, LiveModel } from '../train/engine';
import type { Controller } from './controller';
import { Meter } from './meter';

export interface RunnerInputs {
  plan: Plan;
  /** The plan once it is known which candidates won. */
  settle: (winners: Winners) => Plan;
  registries: LabRegistries;
  dataset: Dataset;
  model: LiveModel;
  /** Puts other data (planted labels) on the device. */
  useData: (dataset: Dataset) => Promise<LiveModel>;
  store: ArtifactStore;
  /** Where other processes may work on the same store: each stage by one of them at a time. */
  locks?: Locks;
  controller: Controller;
  /** A clock in milliseconds. */
  now: () => number;
  emit: (event: LabEvent) => void;
  checkpointSeconds: number;
}

/** Runs the stages of one plan in order; a stage whose artifact is in the store is not repeated. */
export class StudyRunner {
  /** Until the rule has chosen, nothing is forgotten. */
  readonly context: StudyContext;
  private readonly inputs: RunnerInputs;
  private readonly meter: Meter;
  private readonly outcomes: Outcomes;
  /** Keys of stages that need not be computed: they are in the store, or all their runs have failed. */
  private readonly spared = new Set<string>();
  /** Keys of stages that failed, and of those that needed them. */
  private readonly lost = new Set<string>();
  /** Ids of the candidates of all tuned runs. */
  private readonly candidates: ReadonlySet<string>;
  /** The stage that makes an artifact, by the artifact's key. */
  private makers: Map<string, PlannedStage>;

  constructor(inputs: RunnerInputs) {
    const { plan, registries, store, controller, emit } = inputs;
    this.inputs = inputs;
    this.makers = this.makersOf(plan);
    this.candidates = new Set(
      plan.selections.flatMap(({ candidates }) => candidates.map(({ run }) => run.id)),
    );
    const active = () => inputs.now() - controller.waited;
    this.meter = new Meter(plan.hash, active, emit);
    const forget = { indices: new Int32Array() };
    this.context = {
      plan,
      registries,
      store,
      emit,
      seconds: () => active() / 1000,
      artifact: (key) => this.artifact(key),
      checkpointSeconds: inputs.checkpointSeconds,
      ...this.setsOf(forget, inputs.dataset, inputs.model),
    };
    this.outcomes = noOutcomes(forget);
    this.meter.expect(this.wholeWork());
  }

  private kindOf(stage: PlannedStage): StageKind {
    return this.inputs.registries.stages.get(stage.stage);
  }

  private makersOf({ stages }: Plan): Map<string, PlannedStage> {
    return new Map(
      stages.flatMap((stage) => keysLeftBy(this.kindOf(stage), stage).map((key) => [key, stage])),
    );
  }

  private setsOf(forgetSet: ForgetSet, dataset: Dataset, model: LiveModel) {
    const { indices: forget } = forgetSet;
    const retain = complement(forget, dataset.train.count);
    return {
      dataset,
      model,
      forget,
      retain,
      forgetHash: hashOfForgetSet(forgetSet),
      samples: monitorSamples(this.inputs.plan.study.seed, forget, retain, dataset.test.count),
    };
  }

  /** Asks the rule; from here on everything knows the forget set, and the device the labels planted with it. */
  private async chooseForgetSet(ref: StageRef, memorization?: MemorizationStudy): Promise<void> {
    const { plan, registries, dataset, model, useData, emit } = this.inputs;
    const chosen = chooseForgetSet(plan, registries, dataset, memorization);
    const planted = withPlanted(dataset, chosen);
    Object.assign(
      this.context,
      this.setsOf(chosen, planted, planted === dataset ? model : await useData(planted)),
    );
    Object.assign(this.outcomes, { forget: chosen, memorization });
    this.meter.expect(this.wholeWork());
    emit({
      type: 'forget-set',
      ref,
      indices: [...chosen.indices],
      planted: chosen.planted && [...chosen.planted],
    });
  }

  private wholeWork(): number {
    const sizes = this.sizes();
    return this.context.plan.stages
      .filter(({ key }) => !this.spared.has(key))
      .reduce((sum, stage) => sum + this.kindOf(stage).work(stage, sizes, this.inputs.registries), 0);
  }

  private sizes(): Sizes {
    const { forget, retain, dataset } = this.context;
    return sizesOf({ forget: forget.length, retain: retain.length, test: dataset.test.count });
  }

  /** See `Meter.pace`. */
  get pace(): number | undefined {
    return this.meter.pace;
  }

  /**
   * Runs or skips every stage; once settings are chosen, those of the winners. A run that diverges fails alone. Rejects with an AbortError
   * after cancel.
   */
  async run(): Promise<Outcomes> {
    const ended = new Map<string, PlannedStage>();
    const goThrough = async (last?: string) => {
      for (const stage of this.context.plan.stages) {
        const before = ended.get(stage.key);
        // What others had done before is told again where it turns out to be a tuned run's too.
        const isTold =
          before && (before.runs.length === stage.runs.length || this.kindOf(stage).comesWithOriginal);
        if (isTold) continue;
        await this.runStage(stage);
        ended.set(stage.key, stage);
        if (stage.key === last) return;
      }
    };
    const last = this.context.plan.stages.findLast((stage) => isStageOf(select, stage));
    if (last) {
      await goThrough(last.key);
      await this.settle();
    }
    await goThrough();
    return this.outcomes;
  }

  private async runStage(stage: PlannedStage): Promise<void> {
    this.inputs.controller.throwIfCancelled();
    const { failures } = this.outcomes;
    // A run may have failed in what this stage does not need: its strong attack.
    const failed =
      stage.runs.every((id) => failures.has(id)) && stage.needs.some((key) => this.lost.has(key));
    const isExpendable = this.kindOf(stage).isExpendable?.(stage) ?? false;
    if ((failed && isExpendable) || (await this.isDecided(stage))) {
      if (failed) this.lost.add(stage.key);
      this.spare(stage);
      return this.inputs.emit({ type: 'stage-spared', ref: stageRef(this.inputs.plan, stage) });
    }
    const known = this.isOfCandidates(stage) ? await readDivergence(this.context, stage.key) : undefined;
    if (known !== undefined) {
      this.spare(stage);
      return this.fail(stage, known);
    }
    await this.runOrSkip(stage).catch(async (error: unknown) => {
      if (!(error instanceof DivergedError && isExpendable)) throw error;
      if (this.isOfCandidates(stage)) await keepDivergence(this.context, stage.key, error.message);
      this.fail(stage, error.message);
    });
  }

  /** Whether nothing but candidates needs a stage. */
  private isOfCandidates({ runs }: PlannedStage): boolean {
    return runs.length > 0 && runs.every((id) => this.candidates.has(id));
  }

  /** Whether a stage only leads to selections that were made before. */
  private async isDecided(stage: PlannedStage): Promise<boolean> {
    if (!this.isOfCandidates(stage)) return false;
    const { selections, stages } = this.context.plan;
    for (const { key, candidates } of selections) {
      if (!candidates.some(({ run }) => stage.runs.includes(run.id))) continue;
      const choosing = stages.find((each) => each.key === key);
      // A part of a study may be a candidate alone.
      if (!choosing || !(await this.isDone(choosing))) return false;
    }
    return true;
  }

  /** The stages of the winners take the place of those that stood in for them. */
  private async settle(): Promise<void> {
    const { settle, store, emit } = this.inputs;
    const winners = new Map(
      [...this.outcomes.selections].flatMap(([key, { winner }]) =>
        winner === undefined ? [] : [[key, winner]],
      ),
    );
    const plan = settle(winners);
    Object.assign(this.context, { plan });
    this.makers = this.makersOf(plan);
    this.meter.expect(this.wholeWork());
    const keys = new Set(await store.keys());
    const stages = plan.stages.map((stage) => stageRef(plan, stage));
    const cached = stages.flatMap(({ key }) => (keys.has(key) ? [key] : []));
    emit({ type: 'stages-settled', study: plan.hash, stages, cached });
  }

  private async runOrSkip(stage: PlannedStage): Promise<void> {
    const { plan, emit, controller } = this.inputs;
    const cached = (await this.isDone(stage)) || (await this.performUnless(stage, () => this.isDone(stage)));
    if (cached) {
      this.spare(stage);
      emit({ type: 'stage-done', ref: stageRef(plan, stage), cached, seconds: 0 });
    }
    await this.collect(stage, cached);
    // Something for `step` to count, and a chance to pause, also where a stage has no steps of its own.
    if (!cached) await controller.pass();
  }

  /** What will not be computed is no part of the time left. */
  private spare({ key }: PlannedStage): void {
    this.spared.add(key);
    this.meter.expect(this.wholeWork());
  }

  private fail(stage: PlannedStage, message: string): void {
    this.lost.add(stage.key);
    for (const id of stage.runs) this.outcomes.failures.set(id, message);
    this.meter.endStage();
    this.inputs.emit({ type: 'runs-failed', ref: stageRef(this.inputs.plan, stage), message });
  }

  /**
   * The study's sets and a seed's original, without running anything else.
   * @throws LetheError when they are not in the store.
   */
  async open(seed: number): Promise<StudyContext> {
    const { plan } = this.inputs;
    const needed = [plan.memorizationKey, plan.seeds.get(seed)?.pretrain];
    for (const stage of plan.stages) {
      if (needed.includes(stage.key) && !(await this.isDone(stage)))
        throw new LetheError('The original has not been trained here yet: run the study here first.');
      if (this.kindOf(stage).settlesForgetSet) await this.collect(stage, true);
    }
    return this.context;
  }

  /**
   * What a stage leaves that the plan need not have, from what is in the store. After `open`.
   * @throws LetheError when something that it needs has not been computed here.
   */
  async ask(stage: PlannedStage): Promise<Uint8Array> {
    for (const key of stage.needs)
      if (!(await this.context.store.has(key)))
        throw new LetheError(
          'A model that this needs has not been trained here yet: run the study here first.',
        );
    if (!(await this.isDone(stage))) await this.performUnless(stage, () => this.isDone(stage));
    return this.artifact(stage.key);
  }

  /** The map of every score stage, computed where the store has none; `onMap` is told of each. After `open`. */
  async scoreMaps(onMap: (map: MapRecord, done: number, total: number) => void): Promise<void> {
    const wanted = this.inputs.plan.stages.filter((stage) => isStageOf(score, stage));
    for (const [done, stage] of wanted.entries()) {
      this.inputs.controller.throwIfCancelled();
      const cached =
        (await this.isDone(stage)) || (await this.performUnless(stage, () => this.isDone(stage)));
      await this.collect(stage, cached);
      onMap(this.outcomes.maps.at(-1)!, done + 1, wanted.length);
    }
  }

  /** Whether the store holds what this stage makes, for this forget set. */
  private async isDone(stage: PlannedStage): Promise<boolean> {
    const { store, forgetHash } = this.context;
    const { leavesNothing, note, version: current = 1, servesAnyForgetSet } = this.kindOf(stage);
    if (leavesNothing || !(await store.has(stage.key))) return false;
    const bytes = await store.get(note === 'beside' ? noteKey(stage.key) : stage.key);
    if (!bytes || !note) return bytes !== undefined;
    const { forget, version = 1 } = decodeArtifact(bytes).note as { forget: string; version?: number };
    return version === current && (servesAnyForgetSet === true || forget === forgetHash);
  }

  /**
   * Performs a stage, alone among all processes at the same store, unless one of those has meanwhile.
   * @returns whether one has
   */
  private async performUnless(stage: PlannedStage, isThere: () => Promise<boolean>): Promise<boolean> {
    const { plan, locks, controller, emit } = this.inputs;
    const work = async () => {
      const there = await isThere();
      if (!there) await this.perform(stage);
      return there;
    };
    // What leaves nothing for others is each one's own.
    if (!locks || this.kindOf(stage).leavesNothing) return work();
    const waits = { done: 0, total: 0, counted: 'steps', waiting: true } as const;
    const onWait = () => emit({ type: 'stage-progress', ref: stageRef(plan, stage), progress: waits });
    return locks.hold(stage.key, work, { signal: controller.signal, onWait });
  }

  private async perform(stage: PlannedStage): Promise<void> {
    const { emit } = this.inputs;
    const ref = stageRef(this.inputs.plan, stage);
    emit({ type: 'stage-started', ref });
    const kind = this.kindOf(stage);
    this.meter.startStage(kind.work(stage, this.sizes(), this.inputs.registries));
    const from = this.context.seconds();
    const context = this.contextOf(ref, {
      training: () => this.control(ref, 1, {}),
      evaluation: (span) => this.control(ref, EVALUATED_IMAGE, span),
    });
    await kind.perform(context, stage);
    this.meter.endStage();
    emit({ type: 'stage-done', ref, cached: false, seconds: this.context.seconds() - from });
  }

  private contextOf(ref: StageRef, controls: Pick<StageContext, 'training' | 'evaluation'>): StageContext {
    const choose = (memorization?: MemorizationStudy) => this.chooseForgetSet(ref, memorization);
    return { ...this.context, ref, ...controls, chooseForgetSet: choose };
  }

  /**
   * A control for one call of the engine; `passes` is the cost of one image, `span` the call's place in what is shown. Without
   * it the call is a look at the curves, which belongs to the optimizer step before.
   */
  private control(ref: StageRef, passes: number, span?: Partial<EvaluationSpan>): Control {
    let imagesBefore = 0;
    return this.inputs.controller.control(({ done, total, counted, examples, loss }, held) => {
      const images = Math.max(0, examples - imagesBefore);
      imagesBefore = examples;
      const shown = span && { done: done + (span.before ?? 0), total: span.total ?? total, counted };
      // What stands still is shown as it is, not as it was a moment ago.
      const reported = this.meter.tick(ref, images, images * passes, shown, held);
      if (reported && loss !== undefined) this.inputs.emit({ type: 'step', ref, step: done, loss });
    }, span !== undefined);
  }

  private async artifact(key: string): Promise<Uint8Array> {
    const stored = await this.context.store.get(key);
    if (stored) return stored;
    // Damaged or thrown out behind our back: its recipe is in the plan.
    const stage = this.makers.get(key);
    if (stage) {
      const loaded = await this.context.model.snapshot();
      await this.performUnless(stage, async () => (await this.context.store.get(key)) !== undefined);
      await this.context.model.load(loaded);
    }
    const again = await this.context.store.get(key);
    if (!again)
      throw new FaultError('The store of artifacts does not keep what is put there; is the disk full?');
    return again;
  }

  /** Takes up a finished stage's outcome and tells the page. */
  private async collect(stage: PlannedStage, cached: boolean): Promise<void> {
    const ref = stageRef(this.inputs.plan, stage);
    const context = this.contextOf(ref, {
      training: () => this.control(ref, 1),
      evaluation: () => this.control(ref, EVALUATED_IMAGE),
    });
    await this.kindOf(stage).collect?.(this.outcomes, context, stage, cached);
  }
}

/** The keys of all that a stage leaves in the store. */
function keysLeftBy(kind: StageKind, stage: PlannedStage): string[] {
  const note = kind.note === 'beside' ? [noteKey(stage.key)] : [];
  return [stage.key, ...note, ...(kind.alsoLeaves?.(stage) ?? [])];
}
