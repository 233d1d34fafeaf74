import type { RandomStream } from '../rng';
import type { Entry, Settings } from '../settings';

export interface ForgetContext {
  /** Training labels. */
  labels: Int32Array;
  /** Class names, by label. */
  classes: string[];
  /** The stream `forget` under the study's seed. */
  random: RandomStream;
}

/** Chooses the examples to be forgotten. */
export interface ForgetRule extends Entry {
  /** Ascending, distinct indices into the training set. @throws LetheError when the settings cannot be met. */
  choose(context: ForgetContext, settings: Settings): Int32Array;
}
