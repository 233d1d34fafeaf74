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
}

/** One number per unit or per scalar: what the map draws and what is ranked. */
export interface Scores {
  granularity: 'channel' | 'parameter';
  /**
   * By parameter name. `channel`: one per output row for tensors with 2 or more dimensions, one per element otherwise.
   * `parameter`: one per scalar, row-major.
   */
  values: Record<string, Float32Array>;
}

export interface ScoreContext {
  spec: ModelSpec;
  weights: Checkpoint;
  /** G, when `needs.gradient` asked for it. */
  gradient?: ParameterTensors;
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
 * A localization strategy. `score` and `select` are pure and synchronous: the page calls `select` itself while the alpha
 * handle moves, without a round trip to the device.
 */
export interface Localizer extends Entry {
  /** What it selects by default. */
  granularity: 'channel' | 'parameter' | 'layer';
  needs: LocalizerNeeds;
  /** False for strategies whose mask does not depend on alpha (`full`, `manual`). */
  usesAlpha: boolean;
  /** From scores per parameter it selects the floor(alpha*p) largest and nothing else, so the device may do it. */
  selectsLargest?: boolean;
  score(context: ScoreContext, settings: Settings): Scores;
  select(context: SelectContext, settings: Settings): Mask;
}
