import { Registry } from '../settings';
import type { Metrics } from '../study/result';
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
 * @throws LetheError when the outputs are not finite.
 */
export function computeMetrics(context: MetricContext, registry = metrics): Metrics {
  const values = registry.entries
    .filter((metric) => isMeasurable(metric, context))
    .map((metric) => [metric.id, metric.compute(context)] as const);
  return Object.fromEntries(values.filter((value): value is [string, number] => value[1] !== undefined));
}
