import type { RandomStream } from '../rng';
import type { Entry, Settings } from '../settings';
import type { Memorization, SubsetModels } from './memorization';

export interface ForgetContext {
  /** Training labels. */
  labels: Int32Array;
  /** Class names, by label. */
  classes: string[];
  /** The stream `forget` under the study's seed. */
  random: RandomStream;
  /** What the subset models say, when the rule asked for some. */
  memorization?: Memorization;
}

export interface ForgetSet {
  /** Ascending, distinct indices into the training set. */
  indices: Int32Array;
  /** The wrong labels that these examples are trained with, in their order: a planted ground truth. */
  planted?: Int32Array;
}

/** Chooses the examples to be forgotten. */
export interface ForgetRule extends Entry {
  /** Whether it plants labels, so that already the original depends on what it chooses. */
  plants?: true;
  /** Whether the reader picks the examples one by one, in the setting `indices`. */
  byHand?: true;
  /** How it draws, where METHOD section 6 expects something else of each. */
  distribution?: 'iid' | 'non-iid';
  /** The models whose outcome it looks at, for rules that rank by memorization. */
  subsets?(settings: Settings): SubsetModels;
  /** @throws LetheError when the settings cannot be met. */
  choose(context: ForgetContext, settings: Settings): ForgetSet;
}
