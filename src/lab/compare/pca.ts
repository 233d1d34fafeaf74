import type { RandomStream } from '../rng';

/** The two directions in which points vary most. */
export interface PrincipalPlane {
  /** Mean of the points. */
  centre: Float64Array;
  /** Unit vectors at right angles; the entry of largest size is positive. */
  axes: [Float64Array, Float64Array];
  /** Share of the points' variance along each, 0 to 1. */
  shares: [number, number];
}

/** Directions that are iterated together: more than are wanted, which makes near variances converge sooner. */
const BLOCK = 8;
const MOST_ROUNDS = 500;
/** How much a wanted direction may still turn, as a share of the largest variance. */
const TOLERANCE = 1e-10;

/**
 * Principal component analysis in the plane, by subspace iteration with Rayleigh-Ritz (Saad, Numerical Methods for Large Eigenvalue
 * Problems, section 5.2): the covariance matrix, 2,048 × 2,048 for a ResNet-50, is never formed.
 * @param rows `[n, width]`, n at least 2
 * @param pause awaited after every round
 */
export async function principalPlane(
  rows: Float32Array,
  width: number,
  random: RandomStream,
  pause: () => Promise<void>,
): Promise<PrincipalPlane> {
  const count = rows.length / width;
  const centre = new Float64Array(width);
  rows.forEach((value, at) => {
    centre[at % width]! += value / count;
  });
  const variance = rows.reduce((sum, value, at) => sum + (value - centre[at % width]!) ** 2, 0) / count;
  /** Covariance times a vector. */
  const covary = (vector: Float64Array): Float64Array => {
    const product = new Float64Array(width);
    const offset = centre.reduce((sum, value, k) => sum + value * vector[k]!, 0);
    for (let i = 0; i < count; i++) {
      let along = -offset;
      for (let k = 0; k < width; k++) along += rows[i * width + k]! * vector[k]!;
      for (let k = 0; k < width; k++) product[k]! += along * (rows[i * width + k]! - centre[k]!);
    }
    return product.map((value) => value / count);
  };
  let basis = orthonormal(
    Array.from({ length: Math.min(BLOCK, width) }, () =>
      Float64Array.from({ length: width }, () => random.normal()),
    ),
  );
  let values: number[] = [];
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const images = basis.map(covary);
    const ritz = symmetricEigen(basis.map((vector) => images.map((image) => dot(vector, image))));
    const combined = (vectors: Float64Array[], weights: number[]) =>
      vectors.reduce(
        (sum, vector, j) => sum.map((value, k) => value + weights[j]! * vector[k]!),
        new Float64Array(width),
      );
    const next = ritz.vectors.map((weights) => combined(images, weights));
    values = ritz.values;
    const residual = (at: number) => {
      const direction = combined(basis, ritz.vectors[at]!);
      return Math.hypot(...next[at]!.map((value, k) => value - values[at]! * direction[k]!));
    };
    const settled = [0, 1].every((at) => at >= basis.length || residual(at) <= TOLERANCE * values[0]!);
    basis = settled ? ritz.vectors.map((weights) => combined(basis, weights)) : orthonormal(next);
    await pause();
    if (settled) break;
  }
  const axis = (at: number) => withSign(basis[at] ?? new Float64Array(width));
  const share = (at: number) => (variance > 0 ? Math.max(0, values[at] ?? 0) / variance : 0);
  return { centre, axes: [axis(0), axis(1)], shares: [share(0), share(1)] };
}

/** Points in the plane's coordinates, `[n, 2]`. */
export function projectOnto({ centre, axes }: PrincipalPlane, rows: Float32Array): Float64Array {
  const width = centre.length;
  return Float64Array.from({ length: (2 * rows.length) / width }, (_, at) => {
    const from = Math.floor(at / 2) * width;
    return axes[at % 2]!.reduce((sum, value, k) => sum + value * (rows[from + k]! - centre[k]!), 0);
  });
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, k) => sum + value * b[k]!, 0);

/** Gram-Schmidt, twice for vectors that nearly coincide; a vector within the span of the others becomes 0. */
function orthonormal(vectors: Float64Array[]): Float64Array[] {
  const done: Float64Array[] = [];
  for (const vector of vectors) {
    const length = Math.sqrt(dot(vector, vector));
    let rest = vector;
    for (let pass = 0; pass < 2; pass++)
      for (const other of done) {
        const along = dot(rest, other);
        rest = rest.map((value, k) => value - along * other[k]!);
      }
    const left = Math.sqrt(dot(rest, rest));
    done.push(left > 1e-12 * length ? rest.map((value) => value / left) : new Float64Array(rest.length));
  }
  return done;
}

/** The same direction whatever way the iteration came to it. */
function withSign(axis: Float64Array): Float64Array {
  const largest = axis.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
  return largest < 0 ? axis.map((value) => -value) : axis;
}

/** Eigenvalues of a small symmetric matrix, largest first, with their unit vectors (cyclic Jacobi rotations). */
export function symmetricEigen(matrix: number[][]): { values: number[]; vectors: number[][] } {
  const n = matrix.length;
  const a = matrix.map((row) => [...row]);
  const v = a.map((_, i) => a.map((_, j) => (i === j ? 1 : 0)));
  for (let sweep = 0; sweep < 30; sweep++)
    for (let p = 0; p < n; p++)
      for (let q = p + 1; q < n; q++) {
        if (a[p]![q] === 0) continue;
        const theta = (a[q]![q]! - a[p]![p]!) / (2 * a[p]![q]!);
        const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        const c = 1 / Math.sqrt(t * t + 1);
        const s = t * c;
        const rotate = (left: number[], l: number, right: number[], r: number) => {
          const [x, y] = [left[l]!, right[r]!];
          left[l] = c * x - s * y;
          right[r] = s * x + c * y;
        };
        for (let k = 0; k < n; k++) rotate(a[k]!, p, a[k]!, q);
        for (let k = 0; k < n; k++) rotate(a[p]!, k, a[q]!, k);
        for (let k = 0; k < n; k++) rotate(v[k]!, p, v[k]!, q);
      }
  const order = a.map((_, i) => i).sort((i, j) => a[j]![j]! - a[i]![i]!);
  return { values: order.map((i) => a[i]![i]!), vectors: order.map((i) => v.map((row) => row[i]!)) };
}
