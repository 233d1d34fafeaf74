/** Likelihood-ratio attack from shadow models (Carlini et al. 2022; U-LiRA, Hayes et al. 2024; METHOD section 5). */

export interface Gaussian {
  mean: number;
  std: number;
}

/** Smallest standard deviation: with few shadow models a fitted one may be next to nothing. */
export const STD_FLOOR = 1e-3;

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
}

/** How well scores tell members from non-members. A threshold t among the scores accepts score ≥ t. */
export function attackStrength(scores: ArrayLike<number>, member: ArrayLike<number>): AttackStrength {
  const order = Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => scores[b]! - scores[a]!);
  const members = order.filter((i) => member[i]).length;
  const others = order.length - members;
  const curve: { tpr: number; fpr: number }[] = [{ tpr: 0, fpr: 0 }];
  let hits = 0;
  let alarms = 0;
  order.forEach((index, rank) => {
    if (member[index]) hits++;
    else alarms++;
    const last = rank + 1 === order.length || scores[order[rank + 1]!] !== scores[index];
    if (last) curve.push({ tpr: hits / members, fpr: alarms / others });
  });
  const auc = curve.slice(1).reduce((area, point, i) => {
    const before = curve[i]!;
    return area + ((point.fpr - before.fpr) * (point.tpr + before.tpr)) / 2;
  }, 0);
  const right = order.filter((i) => scores[i]! > 0 === Boolean(member[i])).length;
  return {
    accuracy: right / order.length,
    auc,
    tprAtFpr: (limit) => Math.max(...curve.filter(({ fpr }) => fpr <= limit).map(({ tpr }) => tpr)),
  };
}
