import type { Answers } from '../study/answers';
import type { Outputs } from './metric';

/**
 * What a network says of each image. Of outputs that are not finite, which a curve may meet on the way to a divergence, the confidence is 0.
 * @param rows of the outputs, in the order that is wanted; all of them otherwise
 */
export function answersOf({ logits, labels, classes }: Outputs, rows?: ArrayLike<number>): Answers {
  const count = rows?.length ?? labels.length;
  const answers = { predicted: new Uint16Array(count), confidence: new Float32Array(count) };
  for (let i = 0; i < count; i++) {
    const row = rows ? rows[i]! : i;
    const own = logits.subarray(row * classes, (row + 1) * classes);
    const largest = own.reduce((most, value) => Math.max(most, value), -Infinity);
    const total = own.reduce((sum, value) => sum + Math.exp(value - largest), 0);
    const confidence = Math.exp(own[labels[row]!]! - largest) / total;
    answers.predicted[i] = Math.max(0, own.indexOf(largest));
    answers.confidence[i] = Number.isFinite(confidence) ? confidence : 0;
  }
  return answers;
}
