import type { ModelSpec } from '../nn/spec';
import type { RandomStream } from '../rng';
import type { Entry, Settings } from '../settings';
import type { Checkpoint, Mask, ParameterTensors } from '../tensors';

/** abs(G), abs(theta*G), abs(theta): METHOD section 1.1. */
export type Criterion = 'grad' | 'weighted-grad' | 'weight';

/** What the session must provide before scores can be computed. */
export interface LocalizerNeeds {
  /** Accumulated eval-mode gradient over the forget set or the whole training set. */
  gradient?: 'forget' | 'train';
  /** The live network itself, to look at it with some of its weights changed. */
  model?: true;
}

/** The live network, with what a strategy needs to question it. What it is left with does not matter. */
export interface Probe {
  forget: Int32Array;
  /** Training labels. */
  labels: Int32Array;
  load(weights: Checkpoint): Promise<void>;
  /** Sum over the batches of the gradient of the batch-mean cross-entropy, eval mode. */
  gradient(batches: Int32Array[]): Promise<ParameterTensors>;
  /** Eval-mode logits of training examples, `[n, classes]`. */
  outputs(indices: Int32Array): Promise<Float32Array>;
  random: (...path: (string | number)[]) => RandomStream;
  /** To be told after each finished example. */
  progress(done: number, total: number): Promise<void>;
}

/** How a strategy that goes through forget examples one by one fared with each. */
export interface PerExample {
  /** Units that each example took. */
  units: number[];
  /** How many of the examples were still classified right at the end. */
  unresolved: number;
}

/** One number per unit or per scalar: what the map draws and what is ranked. */
export interface Scores {
  granularity: 'channel' | 'parameter';
  /**
   * By parameter name. `channel`: one per output row for tensors with 2 or more dimensions, one per element otherwise.
   * `parameter`: one per scalar, row-major.
   */
  values: Record<string, Float32Array>;
  perExample?: PerExample;
}

export interface ScoreContext {
  spec: ModelSpec;
  weights: Checkpoint;
  /** G, when `needs.gradient` asked for it. */
  gradient?: ParameterTensors;
  /** When `needs.model` asked for it. */
  probe?: Probe;
}

export interface SelectContext {
  spec: ModelSpec;
  scores: Scores;
  /** Share of all scalars, 0 to 1. */
  alpha: number;
  /** Makes a stream for this seed and purpose (`random` draws with it). */
  random: (...path: (string | number)[]) => RandomStream;
}

/**
 * A localization strategy. `select` is pure and synchronous: the page calls it itself while the alpha handle moves, without a
 * round trip to the device. So is `score`, but for strategies that question the live model.
 */
export interface Localizer extends Entry {
  /** What it selects by default. */
  granularity: 'channel' | 'parameter' | 'layer';
  needs: LocalizerNeeds;
  /** False for strategies whose mask does not depend on alpha (`full`, `manual`, `critmem`). */
  usesAlpha: boolean;
  /** From scores per parameter it selects the floor(alpha*p) largest and nothing else, so the device may do it. */
  selectsLargest?: boolean;
  score(context: ScoreContext, settings: Settings): Scores | Promise<Scores>;
  select(context: SelectContext, settings: Settings): Mask;
  /** Every parameter is selected whatever the settings, so that a run has neither scores nor a mask. */
  selectsEverything?: true;
}
