import type { Dataset } from '../data/source';
import type { ForgetSet } from '../forget/forget-rule';
import type { MemorizationStudy } from '../forget/memorization';
import { DivergedError, LetheError } from '../settings';
import type { ArtifactStore } from '../store/store';
import type { MapRecord } from '../study/result';
import type { Control, LiveModel } from '../train/engine';
import { decodeArtifact } from './artifact';
import type { Controller } from './controller';
import type { Part } from './evaluate';
import type { LabEvent, StageName, StageRef } from './events';
import { chooseForgetSet, withPlanted } from './forget-set';
import { hashOfForgetSet } from './hash';
import { readMemorization } from './memorization';
import { EVALUATED_IMAGE, Meter } from './meter';
import { collectOutcome, noOutcomes, type Outcomes } from './outcomes';
import { performStage } from './perform-stage';
import { type Plan, type PlannedStage, stageRef } from './plan';
import type { Registries } from './registries';
import type { StageRoom, StudyRoom } from './room';
import { complement, monitoredCount, monitorSamples } from './samples';
import { noteKey } from './stages';
import { type Sizes, stageWork } from './work';

export interface RunnerInputs {
  plan: Plan;
  registries: Registries;
  dataset: Dataset;
  model: LiveModel;
  /** Puts other data (planted labels) on the device. */
  useData: (dataset: Dataset) => Promise<LiveModel>;
  store: ArtifactStore;
  controller: Controller;
  /** A clock in milliseconds. */
  now: () => number;
  emit: (event: LabEvent) => void;
  checkpointSeconds: number;
}

/** Stages whose artifacts say which forget set they are of. */
const DEPENDENT: ReadonlySet<StageName> = new Set([
  'pretrain',
  'oracle',
  'unlearn',
  'evaluate',
  'shadow',
  'unlearn-shadow',
  'lira',
]);
/** Of these, those that say it in a small artifact beside the weights. */
const NOTED_BESIDE: ReadonlySet<StageName> = new Set(['pretrain', 'oracle', 'unlearn']);

/** Whether only its own runs need a stage, so that the study can do without it. */
function isExpendable(stage: PlannedStage): boolean {
  if (stage.stage === 'evaluate') return stage.of === 'run';
  return ['unlearn', 'unlearn-shadow', 'lira'].includes(stage.stage);
}

/** Runs the stages of one plan in order; a stage whose artifact is in the store is not repeated. */
export class StudyRunner {
  /** Until the rule has chosen, nothing is forgotten. */
  readonly room: StudyRoom;
  private readonly inputs: RunnerInputs;
  private readonly meter: Meter;
  private readonly outcomes: Outcomes;
  /** Keys of stages that need not be computed: they are in the store, or all their runs have failed. */
  private readonly spared = new Set<string>();
  private readonly byKey: Map<string, PlannedStage>;

  constructor(inputs: RunnerInputs) {
    const { plan, registries, store, controller, emit } = inputs;
    this.inputs = inputs;
    this.byKey = new Map(plan.stages.map((stage) => [stage.key, stage]));
    const active = () => inputs.now() - controller.waited;
    this.meter = new Meter(plan.hash, active, emit);
    const forget = { indices: new Int32Array() };
    this.room = {
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
  private async takeForgetSet(ref: StageRef, memorization?: MemorizationStudy): Promise<void> {
    const { plan, registries, dataset, model, useData, emit } = this.inputs;
    const chosen = chooseForgetSet(plan, registries, dataset, memorization);
    const planted = withPlanted(dataset, chosen);
    Object.assign(
      this.room,
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
    return this.inputs.plan.stages
      .filter(({ key }) => !this.spared.has(key))
      .reduce((sum, stage) => sum + stageWork(stage, this.sizes()), 0);
  }

  private sizes(): Sizes {
    const { forget, retain, dataset } = this.room;
    const sizes = { forget: forget.length, retain: retain.length, test: dataset.test.count };
    return { ...sizes, monitored: monitoredCount(Object.values(sizes)) };
  }

  /** Runs or skips every stage. A run that diverges fails alone. Rejects with an AbortError after cancel. */
  async run(): Promise<Outcomes> {
    for (const stage of this.inputs.plan.stages) {
      this.inputs.controller.throwIfCancelled();
      const failed = stage.runs.every((id) => this.outcomes.failures.has(id));
      if (failed && isExpendable(stage)) this.spare(stage);
      else
        await this.runOrSkip(stage).catch((error: unknown) => {
          if (!(error instanceof DivergedError && isExpendable(stage))) throw error;
          this.fail(stage, error.message);
        });
    }
    return this.outcomes;
  }

  private async runOrSkip(stage: PlannedStage): Promise<void> {
    const { plan, emit, controller } = this.inputs;
    const cached = stage.stage !== 'data' && (await this.isDone(stage));
    if (cached) {
      this.spare(stage);
      emit({ type: 'stage-done', ref: stageRef(plan, stage), cached, seconds: 0 });
    } else await this.execute(stage);
    await this.collect(stage, cached);
    // A unit of work for `step`, and a chance to pause, also where a stage has no steps of its own.
    if (!cached) await controller.pass();
  }

  /** What will not be computed is no part of the time left. */
  private spare({ key }: PlannedStage): void {
    this.spared.add(key);
    this.meter.expect(this.wholeWork());
  }

  private fail(stage: PlannedStage, message: string): void {
    for (const id of stage.runs) this.outcomes.failures.set(id, message);
    this.meter.endStage();
    this.inputs.emit({ type: 'runs-failed', ref: stageRef(this.inputs.plan, stage), message });
  }

  /**
   * The study's sets and a seed's original, without running anything else.
   * @throws LetheError when they are not in the store.
   */
  async open(seed: number): Promise<StudyRoom> {
    const { plan } = this.inputs;
    const needed = (stage: PlannedStage) =>
      stage.stage === 'memorization' || (stage.stage === 'pretrain' && stage.seed === seed);
    for (const stage of plan.stages) {
      if (needed(stage) && !(await this.isDone(stage)))
        throw new LetheError('The original has not been trained here yet: run the study here first.');
      if (stage.stage === 'data' || stage.stage === 'memorization') await this.collect(stage, true);
    }
    return this.room;
  }

  /** The map of every score stage, computed where the store has none; `take` is told of each. After `open`. */
  async scoreMaps(take: (map: MapRecord, done: number, total: number) => void): Promise<void> {
    const wanted = this.inputs.plan.stages.filter((stage) => stage.stage === 'score');
    for (const [done, stage] of wanted.entries()) {
      this.inputs.controller.throwIfCancelled();
      const cached = await this.isDone(stage);
      if (!cached) await this.execute(stage);
      await this.collect(stage, cached);
      take(this.outcomes.maps.at(-1)!, done + 1, wanted.length);
    }
  }

  /** Whether the store holds what this stage makes, for this forget set. */
  private async isDone(stage: PlannedStage): Promise<boolean> {
    const { store, forgetHash } = this.room;
    if (!(await store.has(stage.key))) return false;
    if (!DEPENDENT.has(stage.stage)) return (await store.get(stage.key)) !== undefined;
    const noted = NOTED_BESIDE.has(stage.stage) ? noteKey(stage.key) : stage.key;
    const bytes = await store.get(noted);
    if (!bytes) return false;
    const { forget } = decodeArtifact(bytes).note as { forget: string };
    return stage.stage === 'pretrain' || forget === forgetHash;
  }

  private async execute(stage: PlannedStage): Promise<void> {
    const { emit } = this.inputs;
    const ref = stageRef(this.inputs.plan, stage);
    emit({ type: 'stage-started', ref });
    this.meter.startStage(stageWork(stage, this.sizes()));
    const from = this.room.seconds();
    const room: StageRoom = {
      ...this.room,
      ref,
      training: () => this.control(ref, 1, {}),
      evaluation: (part) => this.control(ref, EVALUATED_IMAGE, part),
    };
    await performStage(room, stage);
    this.meter.endStage();
    emit({ type: 'stage-done', ref, cached: false, seconds: this.room.seconds() - from });
  }

  /**
   * A control for one call of the engine; `passes` is the cost of one image, `part` the call's place in what is shown. Without
   * it the call is a look at the curves, which belongs to the optimizer step before.
   */
  private control(ref: StageRef, passes: number, part?: Partial<Part>): Control {
    let counted = 0;
    return this.inputs.controller.control(({ done, total, unit, examples, loss }, held) => {
      const images = Math.max(0, examples - counted);
      counted = examples;
      const shown = part && { done: done + (part.before ?? 0), total: part.total ?? total, unit };
      // What stands still is shown as it is, not as it was a moment ago.
      const reported = this.meter.tick(ref, images, images * passes, shown, held);
      if (reported && loss !== undefined) this.inputs.emit({ type: 'step', ref, step: done, loss });
    }, part !== undefined);
  }

  private async artifact(key: string): Promise<Uint8Array> {
    const held = await this.room.store.get(key);
    if (held) return held;
    // Damaged or thrown out behind our back: its recipe is in the plan.
    const stage = this.byKey.get(key);
    if (stage) {
      const loaded = await this.room.model.snapshot();
      await this.execute(stage);
      await this.room.model.load(loaded);
    }
    const again = await this.room.store.get(key);
    if (!again)
      throw new LetheError('The store of artifacts does not keep what is put there; is the disk full?');
    return again;
  }

  /** Takes up a finished stage's outcome and tells the page. */
  private async collect(stage: PlannedStage, cached: boolean): Promise<void> {
    const { plan, emit } = this.inputs;
    const ref = stageRef(plan, stage);
    if (stage.stage === 'memorization') {
      const memorization = await readMemorization(this.room, stage);
      emit({ type: 'memorization', ref, memorization });
      await this.takeForgetSet(ref, memorization);
    } else if (stage.stage === 'data') {
      if (!plan.memorizationKey) await this.takeForgetSet(ref);
    } else {
      const looking: StageRoom = {
        ...this.room,
        ref,
        training: () => this.control(ref, 1),
        evaluation: () => this.control(ref, EVALUATED_IMAGE),
      };
      await collectOutcome(this.outcomes, looking, stage, cached);
    }
  }
}
