import type { LoadProgress } from '../data/source';
import type { MemorizationStudy } from '../forget/memorization';
import type {
  ClassAccuracies,
  Cost,
  DeviceDescription,
  MapRecord,
  Metrics,
  SeriesPoint,
  StudyResult,
} from '../study/result';
import type { Study } from '../study/study';
import type { Calibration } from './cost';
import type { PageFile } from './data-file';
import type { KeptCheckpoint } from './given-weights';
import type { UnitInspection, UnitProbe } from './probe';

export type StageName =
  | 'data'
  | 'subset'
  | 'memorization'
  | 'pretrain'
  | 'oracle'
  | 'score'
  | 'mask'
  | 'unlearn'
  | 'evaluate'
  | 'shadow'
  | 'unlearn-shadow'
  | 'lira';

/** Which stage of which study an event is about. */
export interface StageRef {
  /** Hash of the study. */
  study: string;
  stage: StageName;
  /** Content hash of the stage's inputs; equal for runs that share it. */
  key: string;
  seed?: number;
  /** Which of several like models (`subset`, `shadow`), from 0. */
  model?: number;
  /** Ids of the runs that need this stage. */
  runs: string[];
}

export interface StageProgress {
  done: number;
  total: number;
  unit: 'steps' | 'images' | 'bytes';
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
  | { type: 'study-progress'; study: string; done: number; total: number; etaSeconds?: number }
  | { type: 'study-state'; study: string; state: 'running' | 'paused' | 'cancelled' }
  | { type: 'study-done'; study: string; result: StudyResult }
  | { type: 'study-failed'; study: string; message: string }
  | { type: 'stage-started'; ref: StageRef }
  | { type: 'stage-progress'; ref: StageRef; progress: StageProgress }
  | { type: 'stage-done'; ref: StageRef; cached: boolean; seconds: number }
  /** The training behind the stage's runs diverged; the study goes on without them. */
  | { type: 'runs-failed'; ref: StageRef; message: string }
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
      of: 'original' | 'oracle' | 'run';
      metrics: Metrics;
      classes?: ClassAccuracies;
      deltas?: Metrics;
      cost: Cost;
    }
  | { type: 'device-lost'; message: string };

/** The worker's interface (Comlink). Commands return when they are accepted; what happens comes as events. */
export interface LabApi {
  /** Starts the device. @throws LetheError naming what is missing. */
  device(): Promise<DeviceDescription>;
  /** Events come in batches, at most about ten batches a second; all of a study's before its `run` settles. */
  subscribe(listener: (events: LabEvent[]) => void): Promise<void>;
  /**
   * Keeps files of the reader's own, together one data set, on this machine, under their content; the page then knows it by the id.
   * @throws LetheError when they cannot be read as a data set.
   */
  openDataFiles(files: PageFile[], onProgress?: (progress: LoadProgress) => void): Promise<{ id: string }>;
  /**
   * Takes in a checkpoint for a study on this data set and keeps it.
   * @throws LetheError when it is damaged, of no known network, or does not fit the data.
   */
  openCheckpoint(file: { name: string; bytes: Uint8Array }, source: string): Promise<KeptCheckpoint>;
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
  /** An artifact as a safetensors file. */
  export(what: 'original' | 'oracle' | 'run' | 'mask' | 'scores', runId: string): Promise<Uint8Array>;
}
