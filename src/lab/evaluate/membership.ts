import { LetheError } from '../settings';
import { mean } from './accuracy';
import { type Features, features } from './features';
import type { Metric, MetricContext } from './metric';
import { type Svc, trainSvc } from './svc';

/** What an attack says of the forget examples. */
export interface AttackResult {
  /** Share taken for non-members, in percent. */
  score: number;
  /** Examples of which it can say nothing, since their decision value is 0 within rounding. They count as members, as in libsvm. */
  undecided: number;
}

/**
 * How many retained and how many test examples an attack learns from: the first so many of each. Of sets of unequal size it would also
 * learn which is the larger one, and where confidences overlap take everything for that (METHOD section 5).
 */
export const attackSize = (retained: number, tested: number): number => Math.min(retained, tested);

/**
 * The attack learns members = the first retained examples in the given order against non-members = as many test examples: SVC, RBF,
 * C = 3, gamma = 1, no scaling (METHOD section 5). Positive means member.
 * @throws LetheError when a set is empty
 */
export function trainAttack({ retain, test }: Omit<MetricContext, 'forget'>, feature: keyof Features): Svc {
  if (!retain.labels.length || !test.labels.length)
    throw new LetheError('A membership attack needs retained and test examples.');
  const size = attackSize(retain.labels.length, test.labels.length);
  const inside = features(retain)[feature].subarray(0, size);
  const outside = features(test)[feature].subarray(0, size);
  const data = new Float64Array(inside.length + outside.length);
  data.set(inside);
  data.set(outside, inside.length);
  const members = Array.from(data, (_, i) => i < inside.length);
  return trainSvc({ data, dimensions: 1 }, members, { C: 3, gamma: 1 });
}

/** What the attack takes an example for; undecided where its decision value is 0 within rounding. */
export type Verdict = 'member' | 'non-member' | 'undecided';

/** @param values the examples' features */
export function attackVerdicts(svc: Svc, values: Float64Array): Verdict[] {
  const targets = { data: values, dimensions: 1 };
  const rounding = svc.rounding(targets);
  return Array.from(svc.decide(targets), (value, i) =>
    Math.abs(value) <= rounding[i]! ? 'undecided' : value > 0 ? 'member' : 'non-member',
  );
}

/**
 * The trained attack on the forget examples. Of a network that says the same of everything no decision is possible.
 * @throws LetheError when a set is empty
 */
export function svcAttack(context: MetricContext, feature: keyof Features): AttackResult {
  if (!context.forget.labels.length) throw new LetheError('A membership attack needs forget examples.');
  const verdicts = attackVerdicts(trainAttack(context, feature), features(context.forget)[feature]);
  const countOf = (which: Verdict) => verdicts.filter((verdict) => verdict === which).length;
  return { score: (100 * countOf('non-member')) / verdicts.length, undecided: countOf('undecided') };
}

const attackOn =
  (feature: keyof Features): Metric['compute'] =>
  (context, tellUndecided) => {
    const { score, undecided } = svcAttack(context, feature);
    if (undecided > 0) tellUndecided?.(undecided);
    return score;
  };

const SALUN = 'Fan et al. 2024 (SalUn), confidence attack after Song and Mittal 2021; METHOD section 5';

export const mia: Metric = {
  id: 'mia',
  label: 'MIA',
  explanation:
    'How many forget examples an attacker who sees only confidences takes for never trained on; near the oracle is good.',
  formula:
    'share of S with SVC(p_y) < 0, in %; SVC trained on R against T, RBF, C = 3, γ = 1; 0 within rounding is undecided and counts as member',
  reference: SALUN,
  cites: ['fan2024'],
  settings: [],
  suffix: '%',
  delta: true,
  compute: attackOn('confidence'),
};

export const miaEntropy: Metric = {
  id: 'miaEntropy',
  label: 'MIA (entropy)',
  explanation: 'The same attack on the entropy of the predicted probabilities.',
  formula: 'share of S with SVC(−Σ_k p_k·log p_k) < 0, in %; SVC trained on R against T',
  reference: SALUN,
  cites: ['fan2024'],
  settings: [],
  suffix: '%',
  delta: true,
  compute: attackOn('entropy'),
};

export const miaCorrectness: Metric = {
  id: 'miaCorrectness',
  label: 'MIA (correctness)',
  explanation:
    'The attack that calls every misclassified forget example a non-member: 100 minus forget accuracy.',
  formula: '100 − forget accuracy',
  reference: SALUN,
  cites: ['fan2024'],
  settings: [],
  suffix: '%',
  delta: false,
  sets: ['forget'],
  compute: ({ forget }) => 100 * (1 - mean(features(forget).correctness)),
};
