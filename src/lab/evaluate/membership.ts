import { LetheError } from '../settings';
import { mean } from './accuracy';
import { type Features, features } from './features';
import type { Metric, MetricContext } from './metric';
import { trainSvc } from './svc';

/**
 * Share of the forget examples that the attack takes for non-members, in percent. The attack learns members = the first |T|
 * retained examples in the given order against non-members = the test examples T: SVC, RBF, C = 3, gamma = 1, no scaling (METHOD section 5).
 */
export function svcAttack({ forget, retain, test }: MetricContext, feature: keyof Features): number {
  if (!forget.labels.length || !retain.labels.length || !test.labels.length)
    throw new LetheError('A membership attack needs forget, retained and test examples.');
  const inside = features(retain)[feature].subarray(0, test.labels.length);
  const outside = features(test)[feature];
  const data = new Float64Array(inside.length + outside.length);
  data.set(inside);
  data.set(outside, inside.length);
  const members = Array.from(data, (_, i) => i < inside.length);
  const svc = trainSvc({ data, dimensions: 1 }, members, { C: 3, gamma: 1 });
  const decisions = svc.decide({ data: features(forget)[feature], dimensions: 1 });
  return (100 * decisions.filter((value) => value <= 0).length) / decisions.length;
}

const SALUN = 'Fan et al. 2024 (SalUn), confidence attack after Song and Mittal 2021; METHOD section 5';

export const mia: Metric = {
  id: 'mia',
  label: 'MIA',
  explanation:
    'How many forget examples an attacker who sees only confidences takes for never trained on; near the oracle is good.',
  formula: 'share of S with SVC(p_y) ≤ 0, in %; SVC trained on R against T, RBF, C = 3, γ = 1',
  reference: SALUN,
  settings: [],
  suffix: '%',
  delta: true,
  compute: (context) => svcAttack(context, 'confidence'),
};

export const miaEntropy: Metric = {
  id: 'miaEntropy',
  label: 'MIA (entropy)',
  explanation: 'The same attack on the entropy of the predicted probabilities.',
  formula: 'share of S with SVC(−Σ_k p_k·log p_k) ≤ 0, in %; SVC trained on R against T',
  reference: SALUN,
  settings: [],
  suffix: '%',
  delta: true,
  compute: (context) => svcAttack(context, 'entropy'),
};

export const miaCorrectness: Metric = {
  id: 'miaCorrectness',
  label: 'MIA (correctness)',
  explanation:
    'The attack that calls every misclassified forget example a non-member: 100 minus forget accuracy.',
  formula: '100 − forget accuracy',
  reference: SALUN,
  settings: [],
  suffix: '%',
  delta: false,
  sets: ['forget'],
  compute: ({ forget }) => 100 * (1 - mean(features(forget).correctness)),
};
