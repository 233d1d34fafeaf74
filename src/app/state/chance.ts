import { datasetSources } from '../../lab/data/sources';
import { fixed } from '../../lab/format';
import { estimateOf } from './run-estimates';
import type { View } from './view';

/** Standard errors within which an accuracy cannot be told from guessing: 95 % of guessers stay below it on either side. */
const ERRORS = 2;

/** An original that has learned nothing, in percent of the test images. */
export interface Chance {
  accuracy: number;
  /** 100 / K. */
  expected: number;
  classes: number;
}

/**
 * Whether the originals of a study are right on no more test images than guessing is: within two binomial standard errors of 100 / K, or
 * below. undefined where they are better, or not measured yet, or where the classes are not known. Nothing can be forgotten then, and a
 * difference of 0 to an oracle that guesses too looks perfect.
 */
export function chanceOf({ study, originals }: Pick<View, 'study' | 'originals'>): Chance | undefined {
  const accuracy = estimateOf(originals, 'testAccuracy')?.mean;
  const classes = datasetSources.find(study.data.source)?.classes.length;
  if (accuracy === undefined || classes === undefined || classes < 2) return undefined;
  const share = 1 / classes;
  const error = Math.sqrt((share * (1 - share)) / study.data.test);
  return accuracy / 100 <= share + ERRORS * error ? { accuracy, expected: 100 * share, classes } : undefined;
}

/** What follows from it, in a sentence. */
export function chanceText({ accuracy, expected, classes }: Chance): string {
  return `The original is at chance: it gets ${fixed(accuracy)} % of the test images right, guessing among ${classes} classes ${fixed(expected)} %. It has learned nothing that could be forgotten, so distances to the oracle mean nothing.`;
}
