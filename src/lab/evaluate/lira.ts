/** Likelihood-ratio attack from shadow models (Carlini et al. 2022; U-LiRA, Hayes et al. 2024; METHOD section 5). */

import { randomStream } from '../rng';
import type { AttackCurve, Metrics } from '../study/result';

export interface Gaussian {
  mean: number;
  std: number;
}

/** Smallest standard deviation: one that is fitted to few shadow models may be close to 0. */
const STD_FLOOR = 1e-3;

/** Mean and standard deviation (divisor n, at least `floor`) of each example over the shadow models' `phi`, one array per model. */
export function fitGaussians(phi: ArrayLike<number>[], floor = STD_FLOOR): Gaussian[] {
  const models = phi.length;
  return Array.from({ length: phi[0]!.length }, (_, example) => {
    const values = phi.map((model) => model[example]!);
    const mean = values.reduce((sum, value) => sum + value, 0) / models;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / models;
    return { mean, std: Math.max(floor, Math.sqrt(variance)) };
  });
}

function logDensity({ mean, std }: Gaussian, value: number): number {
  return -0.5 * ((value - mean) / std) ** 2 - Math.log(std) - 0.5 * Math.log(2 * Math.PI);
}

/** log N(phi | had it) − log N(phi | never had it), per example; positive says it is remembered. */
export function logRatios(phi: ArrayLike<number>, had: Gaussian[], never: Gaussian[]): Float64Array {
  return Float64Array.from(phi, (value, i) => logDensity(had[i]!, value) - logDensity(never[i]!, value));
}

export interface AttackStrength {
  /** Share right when a positive score means member, 0 to 1. */
  accuracy: number;
  /** Area under the ROC curve; ties count half. */
  auc: number;
  /** Largest true-positive rate among thresholds whose false-positive rate does not exceed `fpr`. */
  tprAtFpr(fpr: number): number;
  /** Members and non-members at or above each threshold, from none to all. */
  curve: AttackCurve;
}

/** How well scores tell members from non-members. A threshold t among the scores accepts score ≥ t. */
export function attackStrength(scores: ArrayLike<number>, member: ArrayLike<number>): AttackStrength {
  const order = Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => scores[b]! - scores[a]!);
  const members = order.filter((i) => member[i]).length;
  const others = order.length - members;
  const falsePositives = [0];
  const truePositives = [0];
  let hits = 0;
  let alarms = 0;
  order.forEach((index, rank) => {
    if (member[index]) hits++;
    else alarms++;
    const last = rank + 1 === order.length || scores[order[rank + 1]!] !== scores[index];
    if (!last) return;
    falsePositives.push(alarms);
    truePositives.push(hits);
  });
  const curve = falsePositives.map((count, i) => ({ fpr: count / others, tpr: truePositives[i]! / members }));
  const auc = curve.slice(1).reduce((area, point, i) => {
    const before = curve[i]!;
    return area + ((point.fpr - before.fpr) * (point.tpr + before.tpr)) / 2;
  }, 0);
  const right = order.filter((i) => scores[i]! > 0 === Boolean(member[i])).length;
  return {
    accuracy: right / order.length,
    auc,
    tprAtFpr: (limit) => Math.max(...curve.filter(({ fpr }) => fpr <= limit).map(({ tpr }) => tpr)),
    curve: { falsePositives, truePositives },
  };
}

/** False-positive rates at which the attack is told, where there are images enough: one of them at least may be taken wrongly. */
export const LOW_RATES = [
  { metric: 'liraTpr1', fpr: 0.01 },
  { metric: 'liraTpr01', fpr: 0.001 },
] as const;

/** Points of a curve that are kept. */
const MOST_POINTS = 200;

/**
 * A curve of at most about 200 points: a short one as it is, of a long one the highest point at each of so many numbers of false
 * positives, evenly spaced on a log scale, since what a strong attack is judged by are the few false positives at its beginning.
 */
export function thinCurve({ falsePositives, truePositives }: AttackCurve): AttackCurve {
  const points = falsePositives.length;
  if (points <= MOST_POINTS) return { falsePositives, truePositives };
  const others = falsePositives.at(-1)!;
  const spaced = Array.from({ length: MOST_POINTS - 4 }, (_, i) =>
    Math.round(others ** (i / (MOST_POINTS - 5))),
  );
  const rates = LOW_RATES.map(({ fpr }) => Math.floor(others * fpr));
  const wanted = [...new Set([0, ...rates, ...spaced])].sort((a, b) => a - b);
  let at = 0;
  const kept = wanted.map((most) => {
    while (at + 1 < points && falsePositives[at + 1]! <= most) at++;
    return at;
  });
  const told = [...new Set([0, ...kept])];
  return {
    falsePositives: told.map((i) => falsePositives[i]!),
    truePositives: told.map((i) => truePositives[i]!),
  };
}

/**
 * Which of the `count` forget examples shadow model number `shadow` is trained on before it unlearns them: 1 in, 0 out. Shadow models
 * come in pairs: the second is trained on what the first left out, so that any even number of them has every example in and out equally
 * often. The draw does not depend on how many there are.
 */
export function shadowMembers(count: number, seed: number, shadow: number): Uint8Array {
  const order = randomStream(seed, 'shadow', Math.floor(shadow / 2)).shuffle(
    Int32Array.from({ length: count }, (_, i) => i),
  );
  const members = new Uint8Array(count).fill(shadow % 2);
  for (const i of order.subarray(0, Math.floor(count / 2))) members[i] = 1 - (shadow % 2);
  return members;
}

/** What the attack knows and is tried on: phi of every forget example, one number each. */
export interface LiraInputs {
  /** Under each shadow model, with what it had unlearned (`shadowMembers`); an even number of them, in pairs. */
  shadows: { phi: ArrayLike<number>; members: ArrayLike<number> }[];
  /** Under the run's own model, which trained on all of them and unlearned them. */
  unlearned: ArrayLike<number>;
  /** Under the oracle, which never saw them. */
  oracle: ArrayLike<number>;
}

export interface LiraFindings {
  /**
   * `liraAccuracy`, `liraAuc`, `liraTpr1` and `liraTpr01` (true-positive rate at 1 % and 0.1 % false positives, left out where there are
   * too few examples for such a rate) in percent, and `liraShadows`, the number of shadow models behind them.
   */
  metrics: Metrics;
  /** Thinned where it is long. */
  curve: AttackCurve;
}

/**
 * U-LiRA (Hayes et al. 2024; METHOD section 5): how well the likelihood ratio tells each forget example under the unlearned network
 * from the same example under the oracle. 50 % accuracy and AUC are chance.
 */
export function liraAttack({ shadows, unlearned, oracle }: LiraInputs): LiraFindings {
  const pairs = Array.from({ length: shadows.length / 2 }, (_, pair) => [
    shadows[2 * pair]!,
    shadows[2 * pair + 1]!,
  ]);
  const seen = (member: 0 | 1) =>
    fitGaussians(
      pairs.map((pair) =>
        Float64Array.from(unlearned, (_, i) => pair.find(({ members }) => members[i] === member)!.phi[i]!),
      ),
    );
  const [had, never] = [seen(1), seen(0)];
  const scores = [...logRatios(unlearned, had, never), ...logRatios(oracle, had, never)];
  const count = unlearned.length;
  const strength = attackStrength(
    scores,
    scores.map((_, i) => Number(i < count)),
  );
  const rates = LOW_RATES.filter(({ fpr }) => count * fpr >= 1).map(({ metric, fpr }) => [
    metric,
    100 * strength.tprAtFpr(fpr),
  ]);
  return {
    metrics: {
      liraAccuracy: 100 * strength.accuracy,
      liraAuc: 100 * strength.auc,
      ...Object.fromEntries(rates),
      liraShadows: shadows.length,
    },
    curve: thinCurve(strength.curve),
  };
}
