import type * as tf from '@tensorflow/tfjs-core';
import type { RandomStream } from '../rng';
import type { Recipe } from '../study/study';
import type { Checkpoint, Mask } from '../tensors';

/** A batch on the device, as an objective sees it. */
export interface Batch {
  /** `[n, height, width, channels]`, transformed as the data set says. */
  images: tf.Tensor4D;
  /** `[n]` int32. */
  labels: tf.Tensor1D;
  /** Logits of the request's teacher on these images, `[n, classes]`. */
  teacher?: tf.Tensor2D;
}

export type StreamName = 'retain' | 'forget' | 'mixed';
/** Example indices of the batches of one optimizer step. */
export type StepIndices = Partial<Record<StreamName, Int32Array>>;

/** The operations an objective is written with; all differentiable. */
export interface ObjectiveTools {
  tf: typeof tf;
  /** Train-mode forward: BatchNorm uses batch statistics and moves the running ones. `[n, classes]`. */
  logits(batch: Batch): tf.Tensor2D;
  /** Mean softmax cross-entropy with hard labels. */
  crossEntropy(logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Scalar;
  /** The same per example, `[n]`: for objectives that weight, clip or select examples. */
  crossEntropyPerExample(logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Tensor1D;
  /** T² / n · Σ p_teacher · (log p_teacher − log p_student) at temperature T. */
  distillation(student: tf.Tensor2D, teacher: tf.Tensor2D, temperature: number): tf.Scalar;
  /** The trainable parameters, device layout (conv HWIO), by PyTorch name. */
  parameters: Record<string, tf.Variable>;
}

/** The scalar to be minimised. Pure: traced once per batch shape, then replayed. */
export type Objective = (
  batches: Partial<Record<StreamName, Batch>>,
  tools: ObjectiveTools,
  /** Numbers of the request (`gamma` of L1) as device scalars: constants in the objective would be uploaded every step. */
  scalars: Record<string, tf.Scalar>,
) => tf.Scalar;

export interface EpochReport {
  /** Epochs finished, from 1. */
  epoch: number;
  /** Mean loss as minimised. */
  loss: number;
}

export interface TrainRequest {
  objective: Objective;
  recipe: Recipe;
  /** Learning rate of epoch t, counted from 0; default is the recipe's cosine. */
  schedule?: (epoch: number) => number;
  scalars?: (epoch: number) => Record<string, number>;
  /** Batches of epoch t. */
  steps: (epoch: number) => StepIndices[];
  /**
   * Splits every batch into pieces of at most so many images, whose gradients are added up before the update: less memory, the
   * same gradient, except that BatchNorm normalises each piece by its own statistics (and moves the running ones once a piece).
   */
  microBatch?: number;
  /** 1 = trainable; entries with 0 keep their bits. Absent: all trainable. */
  trainable?: Mask;
  /** Multiplies the gradients of the entries with 1, before weight decay is added. Absent: none. */
  gradientScale?: { mask: Mask; factor: number };
  /** Replaces the training labels (random labels); one per training example. */
  labels?: Int32Array;
  /** Random crops and flips are drawn from it, where the data set asks for them; absent: images are seen as in evaluation. */
  augment?: Pick<RandomStream, 'key'>;
  /**
   * A teacher, whose eval-mode logits then come with every batch: its outputs on all training examples, `[training examples, classes]`,
   * or its weights where every step sees other crops of the images. `other` teaches some of the examples in its place.
   */
  teacher?:
    | { outputs: Float32Array }
    | { weights: Checkpoint; other?: { weights: Checkpoint; examples: Int32Array } };
  /** Called before the first step with epoch 0, then after each epoch. */
  onEpoch?: (report: EpochReport | { epoch: 0 }) => Promise<void>;
}

export interface TrainReport {
  /** Loss of every step, as minimised. */
  losses: number[];
  /** Learning rate of every step. */
  rates: number[];
  examples: number;
  /** Why steps could not be captured and ran more slowly; absent when they were. */
  slow?: string;
}
