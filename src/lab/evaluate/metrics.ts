import { Registry } from '../settings';
import type { Metrics } from '../study/result';
import { forgetAccuracy, retainAccuracy, testAccuracy } from './accuracy';
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
]);

const SETS = ['forget', 'retain', 'test'] as const;

/**
 * Every metric of one model, by id. Those of a set without examples are left out.
 * @throws LetheError when the outputs are not finite.
 */
export function computeMetrics(context: MetricContext, registry = metrics): Metrics {
  const defined = registry.entries.filter(({ sets = SETS }) =>
    sets.every((set) => context[set].labels.length > 0),
  );
  return Object.fromEntries(defined.map((metric) => [metric.id, metric.compute(context)]));
}
