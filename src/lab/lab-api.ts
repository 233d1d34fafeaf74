import type { ToLoad } from './data/sources/source';
import type { ListName } from './forget/index-lists/index-list';
import type { IndexList } from './forget/index-lists/recognise';
import type { MemorizationStudy } from './forget/memorization';
import type { NumbersOf } from './image-order';
import type { WeightsReport } from './nn/checkpoint';
import type { FileKindMark, FileMark } from './nn/checkpoints/mark';
import type { InferredModel } from './nn/infer';
import type { ModelRole, StageRef } from './plan/plan';
import type { Settings } from './settings';
import type {
  ClassAccuracies,
  ComparisonRecord,
  Cost,
  DeviceDescription,
  MapRecord,
  Metrics,
  ModelOutcome,
  SeriesPoint,
  StudyResult,
  Tuned,
} from './study/result';
import type { GivenWeights, Study } from './study/study';
import type { LoadProgress } from './watch';

/** Sent by the lab's worker, outside Comlink, once it holds the lock that tells whether it lives. */
export const READY = 'lethe:ready';
/** Sent by it again and again where it is refused a lock: in a frame of another site, without storage. */
export const BEAT = 'lethe:beat';

export interface StageProgress {
  done: number;
  total: number;
  counted: 'steps' | 'images' | 'bytes';
  /** Somebody else is doing it, for which this one waits. */
  waiting?: true;
  /** Data in the cache are compared with their checksums. */
  checking?: true;
  imagesPerSecond?: number;
  /** Of this stage. */
  etaSeconds?: number;
}

/** Everything the lab says while it works: one discriminated union. */
export type LabEvent =
  | { type: 'study-started'; study: string; stages: StageRef[]; cached: string[] }
  /** Settings have been chosen: these are the stages now, whoever stood in for the winners. */
  | { type: 'stages-settled'; study: string; stages: StageRef[]; cached: string[] }
  | { type: 'study-progress'; study: string; done: number; total: number; etaSeconds?: number }
  | { type: 'study-state'; study: string; state: 'running' | 'paused' | 'cancelled' }
  | { type: 'study-done'; study: string; result: StudyResult }
  | { type: 'study-failed'; study: string; message: string }
  | { type: 'stage-started'; ref: StageRef }
  | { type: 'stage-progress'; ref: StageRef; progress: StageProgress }
  | { type: 'stage-done'; ref: StageRef; cached: boolean; seconds: number }
  /** Nothing needs the stage any more: the settings that it leads to were chosen before, or all its runs have failed. */
  | { type: 'stage-spared'; ref: StageRef }
  /** The training behind the stage's runs diverged; the study goes on without them. */
  | { type: 'runs-failed'; ref: StageRef; message: string }
  /** How the settings of tuned runs were chosen. */
  | { type: 'selected'; ref: StageRef; tuned: Tuned }
  | {
      type: 'series';
      ref: StageRef;
      sizes: { forget: number; retain: number; test: number };
      point: SeriesPoint;
    }
  | { type: 'step'; ref: StageRef; step: number; loss: number }
  | { type: 'forget-set'; ref: StageRef; indices: number[]; planted?: number[] }
  | { type: 'memorization'; ref: StageRef; memorization: MemorizationStudy }
  | { type: 'losses'; ref: StageRef; losses: Float32Array }
  | { type: 'scores'; ref: StageRef; map: MapRecord }
  | {
      type: 'metrics';
      ref: StageRef;
      of: ModelRole;
      metrics: Metrics;
      classes?: ClassAccuracies;
      undecided?: ModelOutcome['undecided'];
      answers?: ModelOutcome['answers'];
      liraCurve?: ModelOutcome['liraCurve'];
      deltas?: Metrics;
      cost: Cost;
    }
  /** What a comparison found of the oracle, and of the model or the runs of equal content. */
  | { type: 'compared'; ref: StageRef; records: ComparisonRecord[] }
  | { type: 'device-lost'; message: string };

/** A file on the page, with its path from the folder that was brought with it, if one was. */
export interface PageFile {
  path: string;
  file: File;
}

/** A file of weights, a mask or a list: in memory, or on the page, where it is read range by range. */
export type OpenedFile = { name: string } & ({ bytes: Uint8Array } | { file: Blob });

/**
 * How a reading is watched: the name that `cancelReading` ends it by, any that no other has, and who is told how far it is, at most ten
 * times a second.
 */
export type WatchedReading = [reading?: string, onProgress?: (progress: LoadProgress) => void];

/** A checkpoint that the store now holds, and the network that it is of. */
export interface KeptCheckpoint extends InferredModel {
  weights: GivenWeights;
  /** What was renamed, left out, multiplied and computed, and what images are to be normalised with. */
  report: WeightsReport;
}

/** What a file is, by its content. */
export interface FileIdentity {
  /** `weights`: of a network, but not said whether of an original, an oracle or an unlearned model. */
  kind: FileKindMark | 'data' | 'list' | 'unknown';
  /** What the file says of itself, where Lethe wrote it. */
  mark?: FileMark;
}

/** What the page asks before a study starts. */
export interface Calibration {
  device: DeviceDescription;
  /** Keys of the study's stages that are in the store. */
  cached: string[];
  /** Of training steps; absent where the device cannot hold the study. */
  imagesPerSecond?: number;
  /** Why it cannot, in one sentence, and the largest micro-batch with which it could. */
  tooLarge?: { message: string; microBatch?: number };
  /** As in an estimate. */
  toLoad?: ToLoad;
}

/** Accuracies in percent on samples of the three sets. */
export interface Accuracies {
  forget: number;
  retain: number;
  test: number;
}

/** What some units of the original do, measured without any training. */
export interface UnitProbe {
  /** Images behind each accuracy. */
  sizes: Accuracies;
  original: Accuracies;
  /** The original with the units reset or zeroed. */
  changed: Accuracies;
}

/** What some units of the original hold. */
export interface UnitInspection {
  /** Forget examples that were looked at: all, or as many as are affordable, drawn at random. Ascending. */
  examples: Int32Array;
  /** How much each weighs on the units: `exampleScorer` with the gradient of its own loss in eval mode; one per example. */
  scores: Float32Array;
  /** The strategy whose score it is: the one asked for, or DEL where that one looks at no examples; and the score in words. */
  scoring: { strategy: string; text: string };
  /** The weights of the first units, in the order asked for. */
  filters: UnitWeights[];
}

export interface UnitWeights {
  /** `conv1.weight:3`. */
  unit: string;
  /** `[in, kh, kw]` for a filter, `[in]` for a row of a linear layer, `[]` for a single scalar. */
  shape: number[];
  values: Float32Array;
}

/** Two models of a seed that are to be compared: `original`, `oracle` or the id of a run. */
export interface ModelPair {
  seed: number;
  /** The reference. */
  a: string;
  b: string;
}

/** What a comparison that is made on demand found of the two, as its `Keeping` packs it; nothing of A where that only is the measure. */
export interface PairFindings {
  a?: unknown;
  b: unknown;
}

/** The worker's interface (Comlink). Commands return when they are accepted; what happens comes as events. */
export interface LabApi {
  /** Starts the device. @throws LetheError naming what is missing. */
  device(): Promise<DeviceDescription>;
  /** Events come in batches, at most about ten batches a second; all of a study's before its `run` settles. */
  subscribe(listener: (events: LabEvent[]) => void): Promise<void>;
  /**
   * Keeps files of the reader's own, together one data set, on this machine, under their content; the page then knows it by the id.
   * @param labelColumn of several columns with classes the one that is meant, from the `choices` of an earlier report
   * @throws LetheError when they cannot be read as a data set.
   */
  openDataFiles(
    files: PageFile[],
    labelColumn: string | undefined,
    ...watched: WatchedReading
  ): Promise<{ id: string }>;
  /**
   * Takes in a checkpoint for a study on this data set and keeps it.
   * @throws LetheError when it is damaged, of no known network, or does not fit the data.
   */
  openCheckpoint(file: OpenedFile, source: string, ...watched: WatchedReading): Promise<KeptCheckpoint>;
  /**
   * Takes in what a study compares: the weights of an oracle or of a model that was unlearned elsewhere, or a mask. The
   * study then names it: `oracle.weights`, or `weights` or `mask` of a run.
   * @throws LetheError when it is damaged or does not fit the study's network.
   */
  openGivenFile(
    file: OpenedFile,
    role: 'weights' | 'mask',
    study: Study,
    ...watched: WatchedReading
  ): Promise<{ given: GivenWeights; report?: WeightsReport }>;
  /** Ends a reading, which keeps nothing and rejects with an AbortError. */
  cancelReading(reading: string): Promise<void>;
  /**
   * A list of training images from a file of any format; it may name files where the images of the study's data set are files.
   * @param about.numbers whose numbers they are, where torchvision numbers the images in an order of its own
   * @returns undefined where that is the case, the list gives numbers, and it is not said whose
   * @throws LetheError with a sentence that names the entry that is wrong.
   */
  openIndexList(
    file: OpenedFile,
    about: { data: Study['data']; which: ListName; numbers?: NumbersOf },
  ): Promise<IndexList | undefined>;
  /** Tells originals, oracles, unlearned models, masks, scores, lists and data apart. Never throws for a file of another kind. */
  identifyFile(file: OpenedFile): Promise<FileIdentity>;
  /** Runs or resumes; resolves at the end, rejects on failure or cancel. */
  run(study: Study): Promise<StudyResult>;
  pause(): Promise<void>;
  /** One optimizer step with what follows it (or one batch of an evaluation, or a stage's end), then paused again. */
  step(): Promise<void>;
  resume(): Promise<void>;
  cancel(): Promise<void>;
  /** Which stages of this study are already in the cache. */
  inspect(study: Study): Promise<{ stages: StageRef[]; cached: string[] }>;
  /**
   * How fast a study's network trains on this device, measured on a few steps the first time, and what of the study is in the
   * cache. Downloads nothing; `cancel` ends it.
   * @throws LetheError while a study runs.
   */
  calibrate(study: Study): Promise<Calibration>;
  /**
   * What units (`conv1.weight:3`) of a seed's original hold by the score of a strategy, found on the device; `cancel` ends it.
   * @throws LetheError when the original has not been trained here, or while a study runs.
   */
  inspectUnits(
    study: Study,
    seed: number,
    units: string[],
    strategy: string,
    onProgress?: (done: number, total: number) => void,
  ): Promise<UnitInspection>;
  /** What becomes of a seed's original when units are reset or zeroed, without training. Throws as `inspectUnits` does. */
  probeUnits(study: Study, seed: number, units: string[], how: 'reset' | 'zero'): Promise<UnitProbe>;
  /**
   * Scores a seed's original by every strategy that finds a mask by itself, those that are known not again. Throws as
   * `inspectUnits` does.
   */
  scoreStrategies(
    study: Study,
    seed: number,
    onMap: (map: MapRecord, done: number, total: number) => void,
  ): Promise<void>;
  /**
   * Compares two models of a study that were trained here; what was found before, for the same settings, is not computed again.
   * `cancel` ends it.
   * @param comparison id of one that results keep
   * @param settings those that differ from the defaults of a study
   * @throws LetheError when a model is not here, the comparison cannot be made, or while a study runs.
   */
  compareModels(
    study: Study,
    pair: ModelPair,
    comparison: string,
    settings: Settings,
    onProgress?: (progress: StageProgress) => void,
  ): Promise<PairFindings>;
  /**
   * An artifact of the study that was run last as a safetensors file.
   * @param study that study without some of its runs, if any were deleted
   * @throws LetheError while a study runs
   */
  export(
    what: 'original' | 'oracle' | 'run' | 'mask' | 'scores',
    runId: string,
    study?: Study,
  ): Promise<Uint8Array>;
}
