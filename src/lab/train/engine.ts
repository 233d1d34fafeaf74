import type { Dataset } from '../data/dataset';
import type { MatrixProduct } from '../gpu/conv/shape-class';
import type { ModelSpec } from '../nn/spec';
import type { Precision } from '../study/precision';
import type { DeviceDescription } from '../study/result';
import type { Checkpoint, ParameterTensors } from '../tensors';
import type { TrainReport, TrainRequest } from './trainer';

/** How a long computation reports and is paused or cancelled. */
export interface Control {
  /**
   * To be awaited after every optimizer step or evaluation batch: resolves at once while running, later while paused; rejects with an
   * AbortError after cancel.
   */
  tick(progress: {
    done: number;
    total: number;
    counted: 'steps' | 'images';
    examples: number;
    loss?: number;
  }): Promise<void>;
}

/** How far a training is: finished epochs, and steps of the one after them. */
export interface TrainPosition {
  epoch: number;
  step: number;
}

/** What is needed to go on training with the same bits. Random streams are not in it: each epoch's is made anew from its name. */
export interface TrainState extends TrainPosition {
  weights: Checkpoint;
  momentum: ParameterTensors;
  report: TrainReport;
}

/**
 * Called with where a training stands. `read` copies its state from the device, for which all earlier steps must have finished; it must be
 * called before the next step begins.
 */
export type OfferState = (at: TrainPosition, read: () => Promise<TrainState>) => Promise<void>;

/** One network on the device. */
export interface LiveModel {
  readonly spec: ModelSpec;
  /** Overwrites parameters and buffers; clears momentum. */
  load(weights: Checkpoint): Promise<void>;
  snapshot(): Promise<Checkpoint>;
  /**
   * @param resume goes on where this state was taken instead of starting.
   * @param onState is offered the state after every step, and once more when an epoch has been reported.
   */
  train(
    request: TrainRequest,
    control: Control,
    options?: {
      resume?: TrainState;
      onState?: OfferState;
    },
  ): Promise<TrainReport>;
  /** Eval-mode logits `[indices.length, classes]` in the given order. */
  outputs(split: 'train' | 'test', indices: Int32Array, control?: Control): Promise<Float32Array>;
  /**
   * Gram matrices K = XXᵀ of the eval-mode activations X `[n, values per image]` of every layer of `activationLayers`, in its order.
   * @param indices of n images
   * @returns each `[n, n]`, row-major
   */
  grams(split: 'train' | 'test', indices: Int32Array, control?: Control): Promise<Float32Array[]>;
  /**
   * Eval-mode activations of some layers, averaged over positions (of a ViT over tokens).
   * @param layers names of `activationLayers`
   * @param receive is called with the rows of consecutive images, each the wanted layers' means side by side in the network's order, and
   * the position of the first in `indices`, some batches after the device computed them.
   */
  layerMeans(
    split: 'train' | 'test',
    indices: Int32Array,
    layers: readonly string[],
    receive: (from: number, rows: Float32Array) => void,
    control?: Control,
  ): Promise<void>;
  /**
   * G: sum over the batches of the gradient of the batch-mean cross-entropy, eval mode (METHOD section 1.1); with `square`,
   * of its entries' squares. With `microBatch` at most so many images are computed at once, to the same sum.
   */
  gradient(
    batches: Int32Array[],
    control?: Control,
    options?: { square?: boolean; microBatch?: number },
  ): Promise<ParameterTensors>;
  /**
   * Selects the `wanted` largest of finite scores on the device; of equal ones the first (METHOD section 1.3). The host's side of it is
   * `src/lab/localize/cut/device-mask.ts`.
   * @param wanted 0 to the number of scores.
   * @returns one bit per score, 32 a word from the lowest bit on; undefined when the device cannot hold the scores in one buffer.
   */
  largest(scores: Float32Array, wanted: number): Promise<Uint32Array | undefined>;
  /**
   * The Euclidean distance of each point to the nearest reference.
   * @param points `[n, width]` @param references `[m, width]`; none are infinitely far
   */
  nearestDistances(points: Float32Array, references: Float32Array, width: number): Promise<Float64Array>;
  /**
   * The gradient of each training example's own cross-entropy, eval mode, for the named parameters only.
   * @param receive is called with each example's gradient and its position in `indices`, some examples after the device computed it.
   */
  exampleGradients(
    indices: Int32Array,
    names: string[],
    receive: (at: number, gradient: ParameterTensors) => void,
    control?: Control,
  ): Promise<void>;
  dispose(): void;
}

/** A device with a data set on it. Made by `openEngine` in `src/lab/train/open-engine.ts`. */
export interface Engine {
  /** With the tilings that `tune` settled. */
  readonly device: DeviceDescription;
  /** Resolves when the device is lost, with the reason. */
  readonly lost: Promise<string>;
  /**
   * Resolves when the device, though still there, has failed (its memory was exhausted, say), with the error: whatever is computed then
   * is refused, so that another engine is needed. Who repeats the same work there may fail again.
   */
  readonly failed: Promise<string>;
  useDataset(dataset: Dataset): Promise<void>;
  /** Whether the device can give so many more bytes now; a software adapter shares the host's memory and always says yes. */
  holds(bytes: number): Promise<boolean>;
  /**
   * Settles by which tilings a study's products are computed; on a GPU that has not computed such products yet, by a trial of two seconds.
   * Before the model that computes them is made.
   * @param precision of the operands of all that is computed until the next call; default float32
   */
  tune(products: readonly MatrixProduct[], precision?: Precision): Promise<void>;
  /** @param options `microBatch`: at most so many images are evaluated at once. Gradients and trainings are each told their own. */
  createModel(spec: ModelSpec, options?: { microBatch?: number }): Promise<LiveModel>;
  dispose(): void;
}
