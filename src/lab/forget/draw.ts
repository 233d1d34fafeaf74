import type { RandomStream } from '../rng';
import { LetheError, type NumberSetting } from '../settings';
import type { ForgetSet } from './forget-rule';

/** `count` distinct members of `pool`, uniformly without replacement. Reorders `pool`. */
export function drawExamples(pool: Int32Array, count: number, random: RandomStream): Int32Array {
  return random.shuffle(pool).subarray(0, count);
}

/** Indices of the examples that carry `label`, ascending. */
export function examplesOf(labels: Int32Array, label: number): Int32Array {
  return Int32Array.from(labels.keys()).filter((index) => labels[index] === label);
}

/**
 * The drawn indices in ascending order.
 * @throws LetheError when nothing or everything would be forgotten: either leaves no experiment.
 */
export function asForgetSet(indices: Iterable<number>, total: number): ForgetSet {
  const set = Int32Array.from(new Set(indices)).sort();
  if (set.length === 0) throw new LetheError('The forget set is empty: choose at least one example.');
  if (set.length >= total)
    throw new LetheError(`The forget set holds all ${total} training examples: nothing would be retained.`);
  return { indices: set };
}

/** @throws LetheError when a chosen class does not exist or has no examples. */
export function checkClasses(chosen: number[], labels: Int32Array, classes: string[]): void {
  if (chosen.length === 0) throw new LetheError('Choose at least one class to forget from.');
  for (const label of chosen) {
    const name = classes[label];
    if (name === undefined)
      throw new LetheError(
        `There is no class ${label}: the data set has classes 0 to ${classes.length - 1}.`,
      );
    if (!labels.includes(label))
      throw new LetheError(`Class ${label} (${name}) has no examples in the training set.`);
  }
}

/** The setting shared by the rules that draw a share of the training set. */
export const shareOfTraining: NumberSetting = {
  kind: 'number',
  name: 'share',
  label: 'Share of the training set',
  help: 'How many training examples to forget, as a share of all of them.',
  source: '0.1 in the paper',
  default: 0.1,
  min: 0,
  max: 1,
  step: 0.01,
};
