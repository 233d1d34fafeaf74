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

/** Every metric of one model, by id. @throws LetheError when the outputs are not finite. */
export function computeMetrics(context: MetricContext, registry = metrics): Metrics {
  return Object.fromEntries(registry.entries.map((metric) => [metric.id, metric.compute(context)]));
}
