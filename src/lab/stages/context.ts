import type { Dataset } from '../data/dataset';
import type { MemorizationStudy } from '../forget/memorization';
import type { LabEvent } from '../lab-api';
import type { Plan, StageRef } from '../plan/plan';
import type { Registries } from '../plan/registries';
import type { MonitorSamples } from '../plan/samples';
import type { ArtifactStore } from '../store/store';
import type { Control, LiveModel } from '../train/engine';
import type { EvaluationSpan } from './common/outputs';

/** Reads the bytes of an artifact by its key. */
export interface ArtifactReader {
  artifact(key: string): Promise<Uint8Array>;
}

/** What every stage of one study finds: the plan, the data, the device's model and the artifacts of earlier stages. */
export interface StudyContext extends ArtifactReader {
  plan: Plan;
  registries: Registries;
  dataset: Dataset;
  model: LiveModel;
  store: ArtifactStore;
  /** Ascending indices into the training set. */
  forget: Int32Array;
  retain: Int32Array;
  /** Hash of the forget indices: artifacts that depend on them carry it and are not believed under another one. */
  forgetHash: string;
  samples: MonitorSamples;
  emit(event: LabEvent): void;
  /** Seconds of work so far, pauses not counted. */
  seconds(): number;
  /** The bytes of an artifact of this plan; computed again when the store has lost them. */
  artifact(key: string): Promise<Uint8Array>;
  /** At most one training state per so many seconds is written. */
  checkpointSeconds: number;
}

/** A stage's own view: its reference for events, and controls that count towards its progress. */
export interface StageContext extends StudyContext {
  ref: StageRef;
  /** For optimizer steps and gradients: an image costs one pass. */
  training: () => Control;
  /** For forward passes; without a span the stage's progress stays with the training steps, with an empty one it is this call's. */
  evaluation: (span?: Partial<EvaluationSpan>) => Control;
  /** Asks the forget rule: from here on everything knows the forget set, and the device the labels planted with it. */
  chooseForgetSet: (memorization?: MemorizationStudy) => Promise<void>;
}
