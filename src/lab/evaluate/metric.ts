import type { Entry } from '../settings';

/** Eval-mode outputs of one model on one set. */
export interface Outputs {
  /** `[n, classes]`, row-major. */
  logits: Float32Array;
  labels: Int32Array;
  /** The true labels, where some of `labels` were planted. */
  trueLabels?: Int32Array;
  classes: number;
}

export interface MetricContext {
  forget: Outputs;
  retain: Outputs;
  test: Outputs;
}

/**
 * A number about one model. Deltas and gap are derived from these (METHOD section 5).
 * @example
 * // How sure the model is on average: `src/lab/evaluate/confidence.ts`, and one line in `metrics.ts`.
 * export const forgetConfidence: Metric = {
 *   id: 'forgetConfidence',
 *   label: 'Forget confidence',
 *   explanation: 'The mean probability that the model gives the true class of a forget example.',
 *   formula: 'mean of p_y over S, in %',
 *   reference: 'ours',
 *   settings: [],
 *   suffix: '%',
 *   delta: true,
 *   sets: ['forget'],
 *   compute: ({ forget }) => 100 * mean(features(forget).confidence),
 * };
 */
export interface Metric extends Entry {
  /** Printed after the number: `%` for shares in percent. */
  suffix: string;
  /** Whether oracle minus unlearned is reported for it. */
  delta: boolean;
  /** The sets that it looks at; the metric is left out where one of them is empty. Absent: all three. */
  sets?: readonly (keyof MetricContext)[];
  /**
   * Undefined where it does not apply.
   * @param tellUndecided is told how many examples the number says nothing of, where it is a count of decisions
   */
  compute(context: MetricContext, tellUndecided?: (examples: number) => void): number | undefined;
}
