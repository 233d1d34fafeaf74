import type { Dataset } from '../data/source';
import type { ModelSpec } from '../nn/spec';
import type { DeviceDescription } from '../study/result';
import type { Checkpoint, ParameterTensors } from '../tensors';
import type { TrainReport, TrainRequest } from './trainer';

/** How a long computation is watched and held: awaited after every optimizer step or evaluation batch. */
export interface Control {
  /** Resolves at once while running, later while paused; rejects with an AbortError after cancel. */
  tick(progress: {
    done: number;
    total: number;
    unit: 'steps' | 'images';
    examples: number;
    loss?: number;
  }): Promise<void>;
}

/** What is needed to go on training with the same bits: state after `epoch` finished epochs. */
export interface TrainState {
  epoch: number;
  weights: Checkpoint;
  momentum: ParameterTensors;
  report: TrainReport;
}

/** One network on the device. */
export interface LiveModel {
  readonly spec: ModelSpec;
  /** Overwrites parameters and buffers; clears momentum. */
  load(weights: Checkpoint): Promise<void>;
  snapshot(): Promise<Checkpoint>;
  /**
   * @param resume goes on after `resume.epoch` epochs instead of starting.
   * @param onState is offered the state after each epoch; calling the given function reads it off the device.
   */
  train(
    request: TrainRequest,
    control: Control,
    options?: {
      resume?: TrainState;
      onState?: (epoch: number, read: () => Promise<TrainState>) => Promise<void>;
    },
  ): Promise<TrainReport>;
  /** Eval-mode logits `[indices.length, classes]` in the given order. */
  outputs(split: 'train' | 'test', indices: Int32Array, control?: Control): Promise<Float32Array>;
  /**
   * G: sum over the batches of the gradient of the batch-mean cross-entropy, eval mode (METHOD section 1.1); with `square`,
   * of its entries' squares.
   */
  gradient(
    batches: Int32Array[],
    control?: Control,
    options?: { square?: boolean },
  ): Promise<ParameterTensors>;
  /**
   * The gradient of each training example's own cross-entropy, eval mode, for the named parameters only.
   * @param take is given each example's gradient with its position in `indices`, a few examples behind the device.
   */
  exampleGradients(
    indices: Int32Array,
    names: string[],
    take: (at: number, gradient: ParameterTensors) => void,
    control?: Control,
  ): Promise<void>;
  dispose(): void;
}

/** A device with a data set on it. Made by `openEngine` in `src/lab/train/open-engine.ts`. */
export interface Engine {
  readonly device: DeviceDescription;
  /** Resolves when the device is lost, with the reason. */
  readonly lost: Promise<string>;
  useDataset(dataset: Dataset): Promise<void>;
  createModel(spec: ModelSpec): Promise<LiveModel>;
  dispose(): void;
}
