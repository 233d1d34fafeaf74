import type { ModelSpec } from '../nn/spec';
import type { RandomStream } from '../rng';
import type { Entry, Settings } from '../settings';
import type { Recipe } from '../study/study';
import type { Checkpoint, Mask, ParameterTensors } from '../tensors';
import type { BatchOptions } from '../train/batches';
import type { StepIndices, TrainReport, TrainRequest } from '../train/trainer';

/** What a method may use; the session provides it. */
export interface UnlearnContext {
  spec: ModelSpec;
  settings: Settings;
  /** The shared part of the settings: epochs, lr, batch, momentum, weightDecay, floor. */
  recipe: Recipe;
  /** The original's weights, already loaded into the live model. */
  original: Checkpoint;
  /** A fresh initialisation of this seed (or the one given with --reset-weights). */
  fresh(): Checkpoint;
  /** Absent when the strategy is `full` or the method takes no mask. */
  mask?: Mask;
  forget: Int32Array;
  retain: Int32Array;
  labels: Int32Array;
  /** Training sees random crops of the images, other ones at every step. */
  augments?: boolean;
  classes: number;
  random: (...path: (string | number)[]) => RandomStream;
  /** Labels given with --relabels, by example index. */
  relabels?: Map<number, number>;
  /** Overwrites the live model's weights (parameters and buffers). */
  load(weights: Checkpoint): Promise<void>;
  /** Reads the live model. */
  snapshot(): Promise<Checkpoint>;
  /** Shuffled batches of an epoch, or the exact ones given with --order. */
  batches(epoch: number, options: BatchOptions): StepIndices[];
  train(request: TrainRequest): Promise<TrainReport>;
  /**
   * Gradient of the batch-mean cross-entropy under the live model, eval mode, summed over the batches; with `square`, of its
   * entries' squares.
   */
  gradient(batches: Int32Array[], options?: { square?: boolean }): Promise<ParameterTensors>;
  /** Eval-mode logits of the live model on training examples, `[n, classes]`. */
  outputs(indices: Int32Array): Promise<Float32Array>;
  /** Batches over S or over S and R, in their own order, the last partial one dropped; or those given with --order. */
  scoreBatches(of: 'forget' | 'train', batch: number): Int32Array[];
  /** Retained examples in random order, for methods that take them one by one; or the stream given with --order. */
  stream(): Int32Array;
}

/** An unlearning method. It leaves the unlearned weights in the live model. */
export interface Unlearner extends Entry {
  takesMask: boolean;
  /** Batches that go forward in one step, where they are more than one. */
  forwards?: number;
  run(context: UnlearnContext): Promise<void>;
}
