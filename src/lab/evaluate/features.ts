import { DivergedError } from '../settings';
import type { Outputs } from './metric';

/** What a membership attack may look at, one number per example (METHOD section 5). */
export interface Features {
  /** 1 where the largest logit is at the label (the first of equal ones counts), else 0. */
  correctness: Float64Array;
  /** Softmax probability of the label. */
  confidence: Float64Array;
  /** Of the softmax distribution, in nats. */
  entropy: Float64Array;
  /** Cross-entropy, −log p of the label. */
  loss: Float64Array;
  /** log(p / (1 − p)) of the label: the logit against the log-sum-exp of the others. */
  phi: Float64Array;
}

/** @throws DivergedError when a logit is not a finite number. */
export function features({ logits, labels, classes }: Outputs): Features {
  const column = () => new Float64Array(labels.length);
  const result = {
    correctness: column(),
    confidence: column(),
    entropy: column(),
    loss: column(),
    phi: column(),
  };
  labels.forEach((label, i) => {
    const row = logits.subarray(i * classes, (i + 1) * classes);
    const target = row[label]!;
    const largest = row.reduce((most, value) => Math.max(most, value), -Infinity);
    const rival = row.reduce((most, value, k) => (k === label ? most : Math.max(most, value)), -Infinity);
    let total = 0;
    let others = 0;
    let weighted = 0;
    row.forEach((logit, other) => {
      const exponential = Math.exp(logit - largest);
      total += exponential;
      weighted += exponential * (logit - largest);
      // Exponentials relative to the label's logit would all round to 0 where it is far ahead, so they are relative to the largest other.
      if (other !== label) others += Math.exp(logit - rival);
    });
    if (!Number.isFinite(total + weighted))
      throw new DivergedError('The network puts out numbers that are not finite: its training diverged.');
    result.correctness[i] = row.indexOf(largest) === label ? 1 : 0;
    result.confidence[i] = Math.exp(target - largest) / total;
    result.entropy[i] = Math.log(total) - weighted / total;
    result.loss[i] = Math.log(total) - (target - largest);
    result.phi[i] = target - rival - Math.log(others);
  });
  return result;
}
