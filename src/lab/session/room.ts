import type { Dataset } from '../data/source';
import type { ArtifactStore } from '../store/store';
import type { Control, LiveModel } from '../train/engine';
import type { Part } from './evaluate';
import type { LabEvent, StageRef } from './events';
import type { Plan } from './plan';
import type { Registries } from './registries';
import type { MonitorSamples } from './samples';

/** What every stage of one study finds: the plan, the data, the device's model and the artifacts of earlier stages. */
export interface StudyRoom {
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
export interface StageRoom extends StudyRoom {
  ref: StageRef;
  /** For optimizer steps and gradients: an image costs one pass. */
  training: () => Control;
  /** For forward passes; without a part the stage's progress stays with the training steps. */
  evaluation: (part?: Part) => Control;
}
