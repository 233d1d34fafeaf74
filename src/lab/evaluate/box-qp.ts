import { addScaled, dot } from '../vectors';

/**
 * Interior-point solver for the dual of a support vector machine:
 * minimise ½·αᵀQα − Σα subject to yᵀα = 0 and 0 ≤ α ≤ C, where Q = V·Vᵀ has few columns.
 */

export interface BoxQp {
  /** Columns of V, each of length n. */
  columns: Float64Array[];
  /** ±1. */
  y: Float64Array;
  upper: number;
}

const MOST_ITERATIONS = 100;
/** Mean complementarity, as a share of C, at which the duality gap no longer matters. */
const GAP = 1e-12;
/** Added to the diagonal of each step's matrix (not to the problem): keeps it regular where many equal examples are free. */
const PROXIMAL = 1e-9;

/**
 * Mehrotra's predictor-corrector method. A step costs O(n·r²) for r columns, and some 20 steps suffice; a decomposition method
 * takes at least one O(n) step per bounded support vector, and in membership attacks nearly all examples are bounded.
 */
export function solveBoxQp({ columns, y, upper }: BoxQp): Float64Array {
  const n = y.length;
  const alpha = new Float64Array(n).fill(upper / 2);
  // C − alpha would round to 0 where both are nearly equal, so it is updated as a variable of its own.
  const room = new Float64Array(n).fill(upper / 2);
  // Multipliers of alpha >= 0 and alpha <= C, and of the equality.
  const lowerDual = new Float64Array(n).fill(1);
  const upperDual = new Float64Array(n).fill(1);
  let offset = 0;
  const scaling = new Float64Array(n);
  const rightSide = new Float64Array(n);
  const predicted = { lower: new Float64Array(n), upper: new Float64Array(n) };

  for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
    let gap = 0;
    for (let i = 0; i < n; i++) {
      gap += alpha[i]! * lowerDual[i]! + room[i]! * upperDual[i]!;
      scaling[i] = 1 / (lowerDual[i]! / alpha[i]! + upperDual[i]! / room[i]! + PROXIMAL);
    }
    const mu = gap / (2 * n);
    const slope = gradient(columns, alpha);
    let dualResidual = 0;
    for (let i = 0; i < n; i++) {
      slope[i]! += offset * y[i]! - 1;
      dualResidual = Math.max(dualResidual, Math.abs(slope[i]! - lowerDual[i]! + upperDual[i]!));
    }
    if (mu < GAP * upper && dualResidual < 1e-8) break;
    const solve = factorise(columns, scaling);
    const towardsY = solve(y);
    const yy = dot(y, towardsY);

    /** Newton step towards complementarity `target`, with the second-order terms of the predicted step. */
    const direction = (target: number) => {
      for (let i = 0; i < n; i++)
        rightSide[i] =
          -slope[i]! + (target - predicted.lower[i]!) / alpha[i]! - (target + predicted.upper[i]!) / room[i]!;
      const free = solve(rightSide);
      const dOffset = (dot(y, free) + dot(y, alpha)) / yy;
      const dAlpha = free;
      for (let i = 0; i < n; i++) dAlpha[i]! -= dOffset * towardsY[i]!;
      const dLower = dAlpha.map(
        (d, i) => (target - predicted.lower[i]! - lowerDual[i]! * d) / alpha[i]! - lowerDual[i]!,
      );
      const dUpper = dAlpha.map(
        (d, i) => (target + predicted.upper[i]! + upperDual[i]! * d) / room[i]! - upperDual[i]!,
      );
      let step = 1;
      for (let i = 0; i < n; i++) {
        const d = dAlpha[i]!;
        step = Math.min(step, d < 0 ? -alpha[i]! / d : d > 0 ? room[i]! / d : 1);
        if (dLower[i]! < 0) step = Math.min(step, -lowerDual[i]! / dLower[i]!);
        if (dUpper[i]! < 0) step = Math.min(step, -upperDual[i]! / dUpper[i]!);
      }
      return { dAlpha, dLower, dUpper, dOffset, step };
    };

    predicted.lower.fill(0);
    predicted.upper.fill(0);
    const affine = direction(0);
    let affineGap = 0;
    for (let i = 0; i < n; i++) {
      const a = alpha[i]! + affine.step * affine.dAlpha[i]!;
      affineGap += a * (lowerDual[i]! + affine.step * affine.dLower[i]!);
      affineGap +=
        (room[i]! - affine.step * affine.dAlpha[i]!) * (upperDual[i]! + affine.step * affine.dUpper[i]!);
      predicted.lower[i] = affine.dAlpha[i]! * affine.dLower[i]!;
      predicted.upper[i] = affine.dAlpha[i]! * affine.dUpper[i]!;
    }
    const corrected = direction(mu * Math.min(1, affineGap / gap) ** 3);
    const step = Math.min(1, 0.995 * corrected.step);
    // A step that is next to nothing or not finite: float64 allows no better solution, so the last one is returned.
    if (!(step > 1e-9 && Number.isFinite(corrected.dOffset))) break;
    for (let i = 0; i < n; i++) {
      alpha[i]! += step * corrected.dAlpha[i]!;
      room[i]! -= step * corrected.dAlpha[i]!;
      lowerDual[i]! += step * corrected.dLower[i]!;
      upperDual[i]! += step * corrected.dUpper[i]!;
    }
    offset += step * corrected.dOffset;
  }
  return alpha.map((value) => Math.min(value, upper));
}

/** V·Vᵀ·x. */
function gradient(columns: Float64Array[], x: Float64Array): Float64Array {
  const result = new Float64Array(x.length);
  for (const column of columns) addScaled(result, dot(column, x), column);
  return result;
}

/** Solver for (D + V·Vᵀ)·x = g, where `scaling` is 1/D: Sherman, Morrison and Woodbury's formula over the small matrix. */
function factorise(
  columns: Float64Array[],
  scaling: Float64Array,
): (rightSide: Float64Array) => Float64Array {
  const rank = columns.length;
  const small: Float64Array[] = [];
  const scaled = new Float64Array(scaling.length);
  for (let row = 0; row < rank; row++) {
    for (let i = 0; i < scaled.length; i++) scaled[i] = scaling[i]! * columns[row]![i]!;
    small.push(Float64Array.from({ length: row + 1 }, (_, column) => dot(scaled, columns[column]!)));
    small[row]![row]! += 1;
  }
  cholesky(small);
  return (rightSide) => {
    const result = rightSide.map((value, i) => value * scaling[i]!);
    const coefficients = columns.map((column) => dot(column, result));
    solveCholesky(small, coefficients);
    const pushed = new Float64Array(result.length);
    columns.forEach((column, k) => {
      addScaled(pushed, coefficients[k]!, column);
    });
    for (let i = 0; i < result.length; i++) result[i]! -= scaling[i]! * pushed[i]!;
    return result;
  };
}

/** In place: lower triangle (row i has i + 1 entries) to its Cholesky factor. */
function cholesky(rows: Float64Array[]): void {
  for (let i = 0; i < rows.length; i++)
    for (let j = 0; j <= i; j++) {
      let value = rows[i]![j]!;
      for (let k = 0; k < j; k++) value -= rows[i]![k]! * rows[j]![k]!;
      rows[i]![j] = i === j ? Math.sqrt(value) : value / rows[j]![j]!;
    }
}

/** In place: solves F·Fᵀ·x = x. */
function solveCholesky(factor: Float64Array[], x: number[]): void {
  for (let i = 0; i < x.length; i++) {
    for (let k = 0; k < i; k++) x[i]! -= factor[i]![k]! * x[k]!;
    x[i]! /= factor[i]![i]!;
  }
  for (let i = x.length - 1; i >= 0; i--) {
    for (let k = i + 1; k < x.length; k++) x[i]! -= factor[k]![i]! * x[k]!;
    x[i]! /= factor[i]![i]!;
  }
}
