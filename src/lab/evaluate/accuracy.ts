import type { ClassAccuracies } from '../study/result';
import { features } from './features';
import type { Metric, MetricContext, Outputs } from './metric';

/** Share of the examples that are classified right, in percent, over all of them. */
export function accuracy(outputs: Outputs): number {
  return 100 * mean(features(outputs).correctness);
}

/** Accuracies of each class on each set. @throws LetheError when the outputs are not finite. */
export function accuraciesByClass(context: MetricContext): ClassAccuracies {
  return {
    forget: classAccuracies(context.forget),
    retain: classAccuracies(context.retain),
    test: classAccuracies(context.test),
  };
}

/** Accuracy of each class in percent, labels as trained with; null for a class without examples. */
export function classAccuracies(outputs: Outputs): (number | null)[] {
  const { correctness } = features(outputs);
  return Array.from({ length: outputs.classes }, (_, label) => {
    const ofClass = correctness.filter((_, i) => outputs.labels[i] === label);
    return ofClass.length > 0 ? 100 * mean(ofClass) : null;
  });
}

export function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function accuracyOn(set: keyof MetricContext, symbol: string, label: string, explanation: string): Metric {
  return {
    id: `${set}Accuracy`,
    label,
    explanation,
    formula: `100·|{i ∈ ${symbol} : argmax f(xᵢ) = yᵢ}| / |${symbol}|`,
    reference: 'METHOD section 5',
    settings: [],
    suffix: '%',
    delta: true,
    sets: [set],
    compute: (context) => accuracy(context[set]),
  };
}

export const forgetAccuracy = accuracyOn(
  'forget',
  'S',
  'Forget accuracy',
  'How many of the examples to be forgotten are still classified correctly; near the oracle is good, 0 is not the goal.',
);

export const retainAccuracy = accuracyOn(
  'retain',
  'R',
  'Retain accuracy',
  'How many of the retained training examples are classified correctly.',
);

export const testAccuracy = accuracyOn(
  'test',
  'T',
  'Test accuracy',
  'How many images that were never trained on are classified correctly.',
);

export const trueLabelAccuracy: Metric = {
  id: 'trueLabelAccuracy',
  label: 'True-label accuracy',
  explanation:
    'How many of the forget examples that carry a planted wrong label are classified as what they really show.',
  formula: '100·|{i ∈ S : argmax f(xᵢ) = true yᵢ}| / |S|',
  reference: 'ours; METHOD section 4 (mislabelled)',
  settings: [],
  suffix: '%',
  delta: true,
  sets: ['forget'],
  compute: ({ forget: { trueLabels, ...forget } }) =>
    trueLabels && accuracy({ ...forget, labels: trueLabels }),
};
