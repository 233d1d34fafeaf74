import { Registry } from '../settings';
import type { Metrics, ModelOutcome } from '../study/result';
import { forgetAccuracy, retainAccuracy, testAccuracy, trueLabelAccuracy } from './accuracy';
import { lossAttack } from './loss-attack';
import { mia, miaCorrectness, miaEntropy } from './membership';
import type { Metric, MetricContext } from './metric';

export const metrics = new Registry<Metric>('metric', [
  forgetAccuracy,
  retainAccuracy,
  testAccuracy,
  mia,
  miaCorrectness,
  miaEntropy,
  lossAttack,
  trueLabelAccuracy,
]);

const SETS = ['forget', 'retain', 'test'] as const;

/** Whether there are examples to measure it on. */
export function isMeasurable({ sets = SETS }: Pick<Metric, 'sets'>, context: MetricContext): boolean {
  return sets.every((set) => context[set].labels.length > 0);
}

/**
 * Every metric of one model that applies, by id. Those of a set without examples are left out.
 * @returns with the numbers, how many forget examples an attack could not decide on, by metric id, where there are any
 * @throws LetheError when the outputs are not finite.
 */
export function measureModel(
  context: MetricContext,
  registry = metrics,
): Pick<ModelOutcome, 'metrics' | 'undecided'> {
  const values: Metrics = {};
  const undecided: Record<string, number> = {};
  for (const metric of registry.entries.filter((entry) => isMeasurable(entry, context))) {
    const value = metric.compute(context, (examples) => {
      undecided[metric.id] = examples;
    });
    if (value !== undefined) values[metric.id] = value;
  }
  return { metrics: values, ...(Object.keys(undecided).length > 0 && { undecided }) };
}

/** The numbers alone. @throws LetheError when the outputs are not finite. */
export function computeMetrics(context: MetricContext, registry = metrics): Metrics {
  return measureModel(context, registry).metrics;
}
