import type { Answers } from '../study/answers';
import type { Outputs } from './metric';

/** The class of the largest logit of every row; of equal ones the first. */
export function predictedClasses({ logits, classes }: Pick<Outputs, 'logits' | 'classes'>): Int32Array {
  return Int32Array.from({ length: logits.length / classes }, (_, i) => {
    const row = logits.subarray(i * classes, (i + 1) * classes);
    return largestOf(row);
  });
}

/**
 * What a network says of each image. Where an output is not finite, so that it has no probabilities, the confidence is 0.
 * @param rows of the outputs, in the order that is wanted; all of them otherwise
 */
export function answersOf({ logits, labels, classes }: Outputs, rows?: ArrayLike<number>): Answers {
  const count = rows?.length ?? labels.length;
  const answers = { predicted: new Uint16Array(count), confidence: new Float32Array(count) };
  for (let i = 0; i < count; i++) {
    const row = rows ? rows[i]! : i;
    const own = logits.subarray(row * classes, (row + 1) * classes);
    const largest = largestOf(own);
    const total = own.reduce((sum, value) => sum + Math.exp(value - own[largest]!), 0);
    const confidence = Math.exp(own[labels[row]!]! - own[largest]!) / total;
    answers.predicted[i] = largest;
    answers.confidence[i] = Number.isFinite(confidence) ? confidence : 0;
  }
  return answers;
}

/** The place of the largest value; of equal ones the first. */
const largestOf = (row: Float32Array): number =>
  row.reduce((best, value, k) => (value > row[best]! ? k : best), 0);
