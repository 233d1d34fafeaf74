import type { Entry } from '../settings';

/** Eval-mode outputs of one model on one set. */
export interface Outputs {
  /** `[n, classes]`, row-major. */
  logits: Float32Array;
  labels: Int32Array;
  /** What the examples really show, where `labels` holds planted ones. */
  trueLabels?: Int32Array;
  classes: number;
}

export interface MetricContext {
  forget: Outputs;
  retain: Outputs;
  test: Outputs;
}

/** A number about one model. Deltas, gap and cost are derived from these (METHOD section 5). */
export interface Metric extends Entry {
  /** `%` for shares in percent. */
  unit: string;
  /** Whether oracle minus unlearned is reported for it. */
  delta: boolean;
  /** The sets that it looks at, without which there is no such number; absent: all three. */
  sets?: readonly (keyof MetricContext)[];
  /** Undefined where it does not apply. */
  compute(context: MetricContext): number | undefined;
}
