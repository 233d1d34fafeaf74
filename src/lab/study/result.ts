import type { Settings } from '../settings';
import type { MemorizationRecord } from './memorization-record';
import type { Select, Study } from './study';

/** All accuracies and attack scores in percent, by metric id (`forgetAccuracy`, `retainAccuracy`, `testAccuracy`, `mia`, …). */
export type Metrics = Record<string, number>;

/** Accuracy of each class of each set in percent, in the order of the classes; null for a class without examples there. */
export interface ClassAccuracies {
  forget: (number | null)[];
  retain: (number | null)[];
  test: (number | null)[];
}

/** One point of a curve. Accuracies in percent over the monitored samples (`Series.sizes`). */
export interface SeriesPoint {
  /** Epochs finished; 0 is the state before the first step (after any reset). */
  epoch: number;
  /** Mean loss as minimised over the epoch; absent at epoch 0. */
  loss?: number;
  forget: number;
  retain: number;
  test: number;
  /** What the network said of the forget images that the curve is measured on (`Answered.followed`); absent as `ModelOutcome.answers` is. */
  answers?: string;
}

export interface Series {
  /** How many examples each accuracy of the curve is measured on. */
  sizes: { forget: number; retain: number; test: number };
  points: SeriesPoint[];
}

/** What a computation cost: METHOD section 5. */
export interface Cost {
  steps: number;
  /** Images pushed through forward and backward. */
  examples: number;
  seconds: number;
  /** Share of the weights that differ from the original's, 0 to 1. */
  changed: number;
  /** Why steps could not be captured and ran more slowly; absent when they were. */
  slow?: string;
}

/** Indices of the images whose answers a result tells: into the training images, or the test images. Ascending. */
export interface Answered {
  forget: number[];
  retain: number[];
  test: number[];
  /** Those to forget that the curves are measured on. */
  followed: number[];
}

/** What a model said of the images of each set: packed as `study/answers.ts` says, base64. */
export interface ModelAnswers {
  forget: string;
  retain: string;
  test: string;
}

/** What a comparison with the oracle of its seed found of one model; of the oracle, what is the same beside every other. */
export interface ComparisonRecord {
  /** Id of the comparison (`src/lab/compare`). */
  comparison: string;
  seed: number;
  /** `original`, `oracle`, or the id of a run. */
  model: string;
  /** That it was made with. */
  settings: Settings;
  /** As the comparison's `Keeping` packs it. */
  found?: unknown;
  /** Why nothing could be found: one sentence. */
  problem?: string;
}

/** Equal for records that tell the same of the same model. */
export const comparisonKey = ({ comparison, seed, model }: ComparisonRecord): string =>
  `${comparison} ${seed} ${model}`;

/** How U-LiRA did on a run as its threshold falls: counts of forget images, from 0 to all of them. */
export interface AttackCurve {
  /** Taken for members under the oracle, which never saw them. Ascending. */
  falsePositives: number[];
  /** Taken for members under the run's own model. Ascending. */
  truePositives: number[];
}

export interface ModelOutcome {
  seed: number;
  metrics: Metrics;
  /** Absent in results of versions that did not measure it. */
  classes?: ClassAccuracies;
  /** How many forget examples an attack could not decide on, by metric id; they count as members. Absent where there are none. */
  undecided?: Record<string, number>;
  /** Absent in results of versions that did not tell it. */
  answers?: ModelAnswers;
  /** Of a run that U-LiRA attacked; absent in results of versions that told its areas and rates alone. */
  liraCurve?: AttackCurve;
  series: Series;
  cost: Cost;
}

export interface RunOutcome extends ModelOutcome {
  id: string;
  label: string;
  strategy: string;
  method: string;
  alpha: number;
  /** Oracle minus unlearned, in points, by metric id. */
  deltas: Metrics;
  /** Of a tuned run: the settings that won, and among how many. `StudyResult.tuned` has the numbers of all. */
  tuned?: ChosenSettings;
}

/** Settings that were chosen among candidates, those alone that the study gives. */
export interface ChosenSettings {
  localize: Settings;
  unlearn: Settings;
  candidates: number;
  /** The selection seed. */
  seed: number;
}

/** One choice of settings, as it did on the selection seed. */
export interface CandidateOutcome {
  id: string;
  localize: Settings;
  unlearn: Settings;
  /** Absent, as are deltas and gap, where it has none: `failure` says why. */
  metrics?: Metrics;
  /** To the oracle of the selection seed. */
  deltas?: Metrics;
  /** What it is chosen by, in points; absent where a number of it is not known. */
  gap?: number;
  /** One sentence. */
  failure?: string;
}

/** How the settings of tuned runs were chosen (METHOD section 5.2). */
export interface Tuned extends Select {
  /** Ids of the runs that the winner's settings are used for. */
  runs: string[];
  candidates: CandidateOutcome[];
  /** Its place among the candidates, from 0; absent where none could be chosen: its runs failed. */
  winner?: number;
}

/**
 * The scores behind a map. `channel` and `layer` granularity: one number per unit, tensor by tensor in parameter order, row by row
 * (1-D tensors: element by element). `parameter`: one number per scalar, flat.
 */
export interface MapRecord {
  strategy: string;
  seed: number;
  granularity: 'channel' | 'parameter';
  /** Little-endian float32, base64. */
  scores: string;
  /** Of many single weights, whose scores are kept in levels: `scores` is then the mean of each level, highest first. */
  levels?: {
    /** The level of each weight, a byte from 0, base64. */
    weights: string;
    /** Computed from the exact scores before they became levels: little-endian float32, base64. */
    units: string;
    curve: string;
  };
  /** For a strategy that goes through forget examples one by one: the units each took, and how many kept their label. */
  perExample?: { units: number[]; unresolved: number };
}

export interface DeviceDescription {
  /** `NVIDIA RTX 3060`, `llvmpipe (CPU)`. */
  label: string;
  vendor: string;
  architecture: string;
  /** Runs on a CPU rasteriser. */
  software: boolean;
  backend: 'webgpu' | 'webgl';
  /** The tiling of each class of matrix products, where a trial or somebody chose: docs/engine.md. Absent: the defaults. */
  tilings?: Readonly<Record<string, string>>;
}

/** A run that lacks some or all of its numbers, since its training, or a shadow model's, diverged. The study went on. */
export interface FailedRun {
  id: string;
  /** One sentence. */
  message: string;
}

/** Results of some parts of a study. Each of many machines writes one, and together they make a `StudyResult`. */
export interface StudyPart {
  lethe: 1;
  /** Of the Lethe that made it; absent in results of versions that did not say it. */
  version?: string;
  study: Study;
  device: DeviceDescription;
  /** ISO date of the end. */
  finished: string;
  /** Indices into the training images; absent in the part of a subset model, which is computed before the forget set is known. */
  forget?: number[];
  /** As in `StudyResult`, where the forget set is known. */
  answered?: Answered;
  originals: ModelOutcome[];
  oracles: ModelOutcome[];
  /** Without deltas, since the oracle may be in another part. */
  runs: Omit<RunOutcome, 'deltas'>[];
  /** Absent when none did. */
  failed?: FailedRun[];
  /** Of the tuned runs of this part; absent without any. */
  tuned?: Tuned[];
  /** Beside the first seed's original: its loss on every training example, little-endian float32, base64. */
  losses?: string;
  /** As in `StudyResult`, beside the first seed's original. */
  planted?: number[];
  memorization?: MemorizationRecord;
  /** Of the models that this part compared. */
  comparisons?: ComparisonRecord[];
  /** Those of the originals' seeds. */
  maps: MapRecord[];
}

/** A finished study: `result.json`, and what the page shows as a recorded study. */
export interface StudyResult {
  lethe: 1;
  /** Of the Lethe that made it, or of several one after the other; absent in results of versions that did not say it. */
  version?: string;
  study: Study;
  device: DeviceDescription;
  /** ISO date of the end. */
  finished: string;
  /** First seed's model; all seeds stand in `originals`. */
  original: ModelOutcome;
  oracle: ModelOutcome;
  originals: ModelOutcome[];
  oracles: ModelOutcome[];
  /** Without those that failed. */
  runs: RunOutcome[];
  /** Absent when none did. */
  failed?: FailedRun[];
  /** Absent where the study has no tuned runs. */
  tuned?: Tuned[];
  /** What the page's panes show beside the numbers. */
  detail: {
    /** Indices into the training images. */
    forget: number[];
    /** The wrong labels that the forget examples were trained with, in their order, where the rule plants some. */
    planted?: number[];
    /** The images of `ModelOutcome.answers`; absent in results of versions that did not tell them. */
    answered?: Answered;
    /** Absent in results of versions that compared no models. */
    comparisons?: ComparisonRecord[];
    /** How much every training example is memorized, where the rule of the forget set asks for it. */
    memorization?: MemorizationRecord;
    /** Original's loss on every training example, first seed: little-endian float32, base64. */
    losses: string;
    maps: MapRecord[];
  };
}
