import { solveBoxQp } from './box-qp';
import { factoriseKernel, type Points, rbf } from './kernel';

/**
 * Largest error of a kernel entry of two training points. It is also what the rounding of float32 logits, some 1e-6 of a confidence,
 * does to the entry of two equal ones: 1 − exp(−(1e-6)²).
 */
const KERNEL_TOLERANCE = 1e-12;
/** How near to a bound (as a share of C) a coefficient counts as being there. */
const BOUND = 1e-5;

export interface Svc {
  /** Decision values; positive means member. */
  decide(points: Points): Float64Array;
  /**
   * How far from 0 decision values may be and yet be 0 but for rounding: C·n times the largest error of a kernel entry. Where training
   * points lie around, that error is 1e-12; far from all of them it is the geometric mean of that and of what the columns leave of
   * K(x, x) = 1 (Cauchy and Schwarz), up to 1e-6.
   */
  rounding(points: Points): Float64Array;
  intercept: number;
}

/**
 * Trains the C-SVC that libsvm and scikit-learn define: RBF kernel, no scaling, intercept from the free support vectors (the middle
 * of its range if there are none). Solved to a gap of about 1e-10, where those stop at 1e-3.
 * @param members one entry per point; true is the positive class
 */
export function trainSvc(
  points: Points,
  members: boolean[],
  { C, gamma }: { C: number; gamma: number },
): Svc {
  const { columns, pivots } = factoriseKernel(points, gamma, KERNEL_TOLERANCE);
  const y = Float64Array.from(members, (member) => (member ? 1 : -1));
  const signed = columns.map((column) => column.map((value, i) => value * y[i]!));
  const alpha = solveBoxQp({ columns: signed, y, upper: C });
  const weights = signed.map((column) => column.reduce((sum, value, i) => sum + value * alpha[i]!, 0));
  const raw = new Float64Array(y.length);
  columns.forEach((column, k) => {
    for (let i = 0; i < raw.length; i++) raw[i]! += weights[k]! * column[i]!;
  });
  const intercept = interceptOf(alpha, y, raw, C);
  // f(x) = l(x)·w with L_pp·l(x) = K(pivots, x); solving the transposed system once leaves one kernel value per pivot.
  const coefficients = weights.slice();
  for (let k = pivots.length - 1; k >= 0; k--) {
    for (let later = k + 1; later < pivots.length; later++)
      coefficients[k]! -= columns[k]![pivots[later]!]! * coefficients[later]!;
    coefficients[k]! /= columns[k]![pivots[k]!]!;
  }
  return {
    intercept,
    rounding: (others) =>
      Float64Array.from({ length: others.data.length / others.dimensions }, (_, i) => {
        const row: number[] = [];
        pivots.forEach((pivot, k) => {
          const value = rbf(others, i, points, pivot, gamma);
          const known = row.reduce((sum, entry, j) => sum + entry * columns[j]![pivot]!, 0);
          row.push((value - known) / columns[k]![pivot]!);
        });
        const rest = 1 - row.reduce((sum, entry) => sum + entry * entry, 0);
        return C * y.length * Math.sqrt(Math.max(rest, KERNEL_TOLERANCE) * KERNEL_TOLERANCE);
      }),
    decide: (others) =>
      Float64Array.from({ length: others.data.length / others.dimensions }, (_, i) =>
        pivots.reduce(
          (sum, pivot, k) => sum + coefficients[k]! * rbf(others, i, points, pivot, gamma),
          intercept,
        ),
      ),
  };
}

/** libsvm's rule: y − f₀ averaged over free support vectors, else the middle of what the bounded ones allow. */
function interceptOf(alpha: Float64Array, y: Float64Array, raw: Float64Array, C: number): number {
  let sum = 0;
  let free = 0;
  let low = -Infinity;
  let high = Infinity;
  for (let i = 0; i < alpha.length; i++) {
    const value = y[i]! - raw[i]!;
    const atZero = alpha[i]! < BOUND * C;
    if (!atZero && alpha[i]! < (1 - BOUND) * C) {
      sum += value;
      free++;
    } else if (atZero === y[i]! > 0) low = Math.max(low, value);
    else high = Math.min(high, value);
  }
  return free > 0 ? sum / free : (low + high) / 2;
}
