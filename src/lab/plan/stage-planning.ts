import type { FitsNetwork } from '../nn/fit';
import type { ModelSpec } from '../nn/spec';
import type { Entry, Registry, Settings } from '../settings';
import type { Run, Study } from '../study/study';
import type { ModelRole, PlannedRun, PlannedStage, RunKeys, SeedKeys, Selection } from './plan';
import type { Registries } from './registries';
import type { Sizes } from './work';

/** The six steps of a study, which the page shows as cards. */
export type PipelineStep = 'data' | 'train' | 'forget' | 'localize' | 'unlearn' | 'compare';

/** One repeat while it is planned. */
export interface PlannedRepeat {
  seed: number;
  /** Ids of its runs. */
  runs: string[];
  /** Of the kinds that came before. */
  keys: Partial<SeedKeys>;
}

/** One run while it is planned. */
export interface RunToPlan {
  run: Run;
  /** Of the kinds that came before. */
  keys: Partial<RunKeys>;
  /** Of its repeat. */
  seedKeys: Partial<SeedKeys>;
}

/** What a kind finds while it adds its stages to a plan. */
export interface Planning {
  readonly study: Study;
  readonly registries: Registries;
  readonly spec: ModelSpec;
  /** Ids of all runs. */
  readonly runs: readonly string[];
  /** The seeds that results report, in their order: not those on which settings are chosen. */
  readonly reportedSeeds: readonly number[];
  /** Hash of everything that the forget set is chosen by. Known to what belongs to seeds and runs, not before. */
  readonly forgetKey: string;
  /** The same where the rule plants labels, so that everything that is trained on them depends on it. */
  readonly plantedKey: string | undefined;
  /** The forget rule's settings, defaults filled in. */
  readonly forgetSettings: Settings;
  /**
   * Adds a stage. One of equal content is there already where runs, seeds or studies share it: it then serves these runs too.
   * @param content exactly what its outcome depends on; its hash is the key
   * @param inputs what the stage is performed with
   * @returns the key
   */
  add<Inputs>(
    kind: StagePlanning<Inputs>,
    content: object,
    inputs: Inputs & Pick<PlannedStage, 'runs' | 'needs' | 'seed' | 'model' | 'about'>,
  ): string;
  /** An entry with its settings, defaults filled in; what does not fit is noted among the plan's problems. */
  settle<T extends Entry>(
    registry: Registry<T>,
    id: string,
    given: Settings,
  ): { entry: T; settings: Settings };
  /** Notes a problem, one sentence. */
  note(problem: string): void;
  /** Notes where an entry means nothing for the network, so that the study is refused. */
  checkFit(entry: FitsNetwork): void;
}

/** What one step with gradients needs on the device. */
export interface GradientStep {
  /** Images. */
  batch: number;
  /** Forward passes that are kept for the backward ones. */
  forwards: number;
}

/** What is known of a kind of stage before anything is computed. */
export interface StagePlanning<Inputs = unknown> extends Entry {
  step: PipelineStep;
  /** Whose model it makes and whose curve it draws, for kinds that train one of those that are compared. */
  trains?: ModelRole;
  /**
   * Adds its stages, and those of other kinds that only it uses, to a plan; returns keys that later kinds ask for. Kinds are asked
   * in the order of the registry: for the study as a whole, then within each seed, those of candidates last, then for every selection, at
   * last for every reported seed and run again, with all planned. What a tuned run's winner decides is asked for after its selection. A kind
   * without any of these is planned by another one.
   */
  plan?: {
    study?(planning: Planning): { memorization?: string };
    seed?(planning: Planning, repeat: PlannedRepeat): Partial<SeedKeys>;
    run?(planning: Planning, run: RunToPlan): Partial<RunKeys>;
    /** @returns the key of the stage that chooses */
    selection?(planning: Planning, selection: Omit<Selection, 'key'>, seedKeys: SeedKeys): string;
    afterSeed?(planning: Planning, repeat: Omit<PlannedRepeat, 'keys'>, seedKeys: SeedKeys): void;
    afterAll?(planning: Planning, run: PlannedRun, seedKeys: SeedKeys): Partial<RunKeys>;
  };
  /** Id of the part of a study that it belongs to, where that is none of an original, an oracle or a run: `subset-0`, `compare-s0`. */
  part?(stage: PlannedStage<Inputs>): string;
  /** That part is about finished models; without it, it leads to others. */
  partComesLast?: true;
  /** Computed in the part of its seed's original, which does not need it: runs start from it. */
  comesWithOriginal?: true;
  /** An estimate of the work in image passes (one image forward and backward). */
  work(stage: PlannedStage<Inputs>, sizes: Sizes, registries: Registries): number;
  /** Its step with gradients; nothing where it takes none. */
  gradientStep?(stage: PlannedStage<Inputs>, registries: Registries): GradientStep | undefined;
  /** Bytes of the artifacts. @param images of the training set */
  storedBytes(stage: PlannedStage<Inputs>, size: { parameters: number; images: number }): number;
  /** Whether only its own runs need it: it is computed in their part, and the study can do without it when it fails. */
  isExpendable?(stage: PlannedStage<Inputs>): boolean;
}

/** Everything that a plan is made from. */
export interface PlanRegistries extends Registries {
  stages: Registry<StagePlanning>;
}

/** Whether a stage is of this kind, and with it what its inputs are. */
export function isStageOf<Inputs>(
  kind: StagePlanning<Inputs>,
  stage: PlannedStage,
): stage is PlannedStage<Inputs> {
  return stage.stage === kind.id;
}
