import type { Outputs } from '../evaluate/metric';
import { DivergedError } from '../settings';

/** Softmax of every row, `[n, classes]`. @throws DivergedError when a logit is not a finite number. */
export function softmaxRows({ logits, classes }: Pick<Outputs, 'logits' | 'classes'>): Float64Array {
  const probabilities = new Float64Array(logits.length);
  for (let from = 0; from < logits.length; from += classes) {
    const row = logits.subarray(from, from + classes);
    const largest = row.reduce((most, value) => Math.max(most, value), -Infinity);
    let total = 0;
    row.forEach((logit, k) => {
      probabilities[from + k] = Math.exp(logit - largest);
      total += probabilities[from + k]!;
    });
    if (!Number.isFinite(total))
      throw new DivergedError('A network puts out numbers that are not finite: its training diverged.');
    for (let k = 0; k < classes; k++) probabilities[from + k]! /= total;
  }
  return probabilities;
}

/** ½ Σ_k |p_k − q_k| of every row of two sets of distributions, 0 to 1. */
export function totalVariations(p: Float64Array, q: Float64Array, classes: number): Float64Array {
  return Float64Array.from({ length: p.length / classes }, (_, i) => {
    let sum = 0;
    for (let at = i * classes; at < (i + 1) * classes; at++) sum += Math.abs(p[at]! - q[at]!);
    return sum / 2;
  });
}
