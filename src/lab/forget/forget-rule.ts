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
  /** What the subset models measured, when the rule asked for some (`subsets`). */
  memorization?: Memorization;
}

export interface ForgetSet {
  /** Ascending, distinct indices into the training set. */
  indices: Int32Array;
  /** The wrong labels that the original is trained with, one for each of `indices`; absent where none are planted. */
  planted?: Int32Array;
}

/**
 * Chooses the examples to be forgotten.
 * @example
 * // The first examples: `src/lab/forget/first.ts`, and one line in `index.ts`.
 * export const first: ForgetRule = {
 *   id: 'first',
 *   label: 'The first ones',
 *   explanation: 'Forgets the first examples of the training set.',
 *   formula: 'S = {1, …, share·n}',
 *   reference: 'ours',
 *   settings: [shareOfTraining],
 *   choose({ labels }, settings) {
 *     const count = Math.round((settings.share as number) * labels.length);
 *     return asForgetSet(Array.from({ length: count }, (_, index) => index), labels.length);
 *   },
 * };
 */
export interface ForgetRule extends Entry {
  /** Whether it plants wrong labels. Then the original depends on what is chosen, too. */
  plants?: true;
  /** Whether the reader picks the examples one by one, in the setting `indices`. */
  byHand?: true;
  /** How the examples are distributed over the training set, for the ordering that METHOD section 6 states for each case. */
  distribution?: 'iid' | 'non-iid';
  /** The models whose outcome it looks at, for rules that rank by memorization. */
  subsets?(settings: Settings): SubsetModels;
  /** @throws LetheError when the settings cannot be met. */
  choose(context: ForgetContext, settings: Settings): ForgetSet;
}
