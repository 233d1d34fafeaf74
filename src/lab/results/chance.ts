import { datasetSources } from '../data/sources';
import { knownInterval } from '../evaluate/student';
import { fixed } from '../format';
import type { Metrics } from '../study/result';
import type { Study } from '../study/study';

/** Standard errors within which an accuracy cannot be told from guessing: 95 % of guessers stay below it on either side. */
const ERRORS = 2;

/** An original that has learned nothing, in percent of the test images. */
export interface Chance {
  accuracy: number;
  /** 100 / K. */
  expected: number;
  classes: number;
}

/** What is known of a study's originals, finished or not. */
interface Originals {
  study: Study;
  originals: readonly { metrics?: Metrics }[];
}

/**
 * Whether the originals of a study are right on no more test images than guessing is: within two binomial standard errors of 100 / K, or
 * below. undefined where they are better, or not measured yet, or where the classes are not known. Nothing can be forgotten then, and a
 * difference of 0 to an oracle that guesses too looks perfect.
 */
export function chanceOf({ study, originals }: Originals): Chance | undefined {
  const accuracy = knownInterval(originals.map(({ metrics }) => metrics?.testAccuracy))?.mean;
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
