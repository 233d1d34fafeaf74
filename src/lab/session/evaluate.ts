import type { Dataset } from '../data/source';
import type { MetricContext, Outputs } from '../evaluate/metric';
import type { Metrics } from '../study/result';
import type { Control, LiveModel } from '../train/engine';
import type { Registries } from './registries';
import { labelsAt, upTo } from './samples';

/** Eval-mode outputs of the live model on all of the forget, retain and test examples. */
export async function evaluationOutputs(
  model: LiveModel,
  dataset: Dataset,
  sets: { forget: Int32Array; retain: Int32Array },
  control: () => Control,
): Promise<MetricContext> {
  const of = async (split: 'train' | 'test', indices: Int32Array): Promise<Outputs> => ({
    logits: await model.outputs(split, indices, control()),
    labels: labelsAt(dataset[split].labels, indices),
    classes: dataset.classes.length,
  });
  return {
    forget: await of('train', sets.forget),
    retain: await of('train', sets.retain),
    test: await of('test', upTo(dataset.test.count)),
  };
}

/** Every metric of the registry, by id. */
export function computeMetrics(metrics: Registries['metrics'], context: MetricContext): Metrics {
  return Object.fromEntries(metrics.entries.map((metric) => [metric.id, metric.compute(context)]));
}

/** Softmax cross-entropy of every example. */
export function crossEntropies({ logits, labels, classes }: Outputs): Float32Array {
  return Float32Array.from(labels, (label, i) => {
    const row = logits.subarray(i * classes, (i + 1) * classes);
    const largest = row.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
    const sum = row.reduce((total, value) => total + Math.exp(value - largest), 0);
    return largest + Math.log(sum) - row[label]!;
  });
}

/** The original's loss on every training example, in the order of the data set. */
export function trainingLosses(
  context: MetricContext,
  sets: { forget: Int32Array; retain: Int32Array },
): Float32Array {
  const losses = new Float32Array(sets.forget.length + sets.retain.length);
  for (const name of ['forget', 'retain'] as const)
    crossEntropies(context[name]).forEach((loss, i) => {
      losses[sets[name][i]!] = loss;
    });
  return losses;
}

/** Oracle minus unlearned, for the metrics that report it (METHOD section 5). */
export function deltasOf(registry: Registries['metrics'], oracle: Metrics, unlearned: Metrics): Metrics {
  return Object.fromEntries(
    registry.entries
      .filter(({ id, delta }) => delta && id in oracle && id in unlearned)
      .map(({ id }) => [id, oracle[id]! - unlearned[id]!]),
  );
}
