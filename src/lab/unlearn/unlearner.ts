import type { FitsNetwork } from '../nn/fit';
import type { ModelSpec } from '../nn/spec';
import type { RandomStream } from '../rng';
import { type Entry, LetheError, type Settings } from '../settings';
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
  /** Absent when the strategy selects everything or the method takes no mask. */
  mask?: Mask;
  forget: Int32Array;
  retain: Int32Array;
  labels: Int32Array;
  /** Whether training sees random crops of the images, which differ from step to step. */
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
  scoreBatches(over: 'forget' | 'train', batch: number): Int32Array[];
  /** Retained examples in random order, for methods that take them one by one; or the stream given with --order. */
  stream(): Int32Array;
}

/**
 * An unlearning method. It leaves the unlearned weights in the live model.
 * @example
 * // Shrinks the selected weights, then finetunes them: `src/lab/unlearn/shrink.ts`, and one line in `index.ts`.
 * export const shrink: Unlearner = {
 *   id: 'shrink',
 *   label: 'Shrink + finetune',
 *   explanation: 'Halves the selected weights, then trains them on the retained examples.',
 *   formula: 'θⱼ ← ½·θⱼ where mⱼ = 1; then min CE(R) over m',
 *   reference: 'ours',
 *   settings: recipeSettings({ epochs: 10, lr: 0.01, floor: 0.01 }),
 *   takesMask: true,
 *   async run(context) {
 *     const { spec, original, mask, recipe } = context;
 *     const weights = { ...original };
 *     for (const { name, shape } of spec.parameters) {
 *       const selected = mask?.[name];
 *       const data = original[name]!.data.map((value, i) => (!selected || selected[i] ? value / 2 : value));
 *       weights[name] = { shape, data };
 *     }
 *     await context.load(weights);
 *     await context.train({
 *       objective: crossEntropyOn('retain'),
 *       recipe,
 *       steps: retainSteps(context),
 *       trainable: mask,
 *     });
 *   },
 * };
 */
export interface Unlearner extends Entry, FitsNetwork {
  takesMask: boolean;
  /** Why it means nothing without a mask, and what to do then: one sentence. Absent where it does. */
  needsMask?: string;
  /** What an order file names for it, as `--help` says it; absent: "retain" batches. */
  replays?: string;
  /** Every epoch goes over the forget set, too. */
  seesForget?: true;
  /** How many batches go forward in one step; absent: one. */
  forwards?: number;
  run(context: UnlearnContext): Promise<void>;
}

/** The mask that a method is given. @throws LetheError where it needs one and there is none */
export function maskOf({ needsMask }: Pick<Unlearner, 'needsMask'>, { mask }: { mask?: Mask }): Mask {
  if (!mask) throw new LetheError(needsMask ?? 'This method needs a mask.');
  return mask;
}
