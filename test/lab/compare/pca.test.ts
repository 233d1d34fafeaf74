import { expect, test } from 'vitest';
import { principalPlane, projectOnto, symmetricEigen } from '../../../src/lab/compare/pca';
import { randomStream } from '../../../src/lab/rng';
import { normals } from '../../support/reference';

const stream = () => randomStream(0, 'pca');
const pause = async () => {};

test('eigenvalues of a symmetric matrix: A·v = λ·v, largest first', () => {
  const m = [
    [2, -1, 0.5],
    [-1, 3, 0],
    [0.5, 0, -1],
  ];
  const { values, vectors } = symmetricEigen(m);
  expect(values).toEqual([...values].sort((x, y) => y - x));
  vectors.forEach((vector, at) => {
    m.forEach((row, i) => {
      const product = row.reduce((sum, value, j) => sum + value * vector[j]!, 0);
      expect(product).toBeCloseTo(values[at]! * vector[i]!, 10);
    });
  });
});

test('principal plane: axes and shares of points whose variances are known', async () => {
  const [n, width] = [400, 30];
  const noise = normals('noise', [n, width]);
  // Directions 3 and 7, turned by 45° into each other; everything else varies little.
  const rows = noise.map((_, at) => {
    const [i, k] = [Math.floor(at / width), at % width];
    const [first, second] = [10 * noise[i * width + 3]!, 4 * noise[i * width + 7]!];
    if (k === 3) return 5 + (first + second) / Math.SQRT2;
    if (k === 7) return (first - second) / Math.SQRT2;
    return 0.01 * noise[at]!;
  });
  const plane = await principalPlane(rows, width, stream(), pause);
  expect(plane.shares[0] + plane.shares[1]).toBeGreaterThan(0.999);
  expect(plane.shares[0]).toBeGreaterThan(0.8);
  expect(Math.abs(plane.axes[0][3]!)).toBeCloseTo(Math.SQRT1_2, 1);
  expect(Math.hypot(plane.axes[1][3]!, plane.axes[1][7]!)).toBeCloseTo(1, 4);
  const flat = projectOnto(plane, rows);
  for (const axis of [0, 1] as const) {
    const along = Float64Array.from({ length: n }, (_, i) => flat[2 * i + axis]!);
    const variance = along.reduce((sum, value) => sum + value * value, 0) / n;
    const whole = rows.reduce((sum, value, at) => sum + (value - plane.centre[at % width]!) ** 2, 0) / n;
    expect(variance / whole).toBeCloseTo(plane.shares[axis], 8);
    expect(along.reduce((sum, value) => sum + value, 0) / n).toBeCloseTo(0, 8);
  }
  // The axes are those of the exact covariance: no other direction's start matters.
  const other = await principalPlane(rows, width, randomStream(1, 'other'), pause);
  plane.axes[0].forEach((value, k) => {
    expect(other.axes[0][k]).toBeCloseTo(value, 8);
  });
});

test('principal plane: points on a line, and equal points', async () => {
  const line = Float32Array.from({ length: 30 }, (_, at) => (at % 3 === 1 ? Math.floor(at / 3) : 2));
  const plane = await principalPlane(line, 3, stream(), pause);
  expect(plane.shares[0]).toBeCloseTo(1, 12);
  expect(plane.shares[1]).toBeCloseTo(0, 12);
  expect(Math.abs(plane.axes[0][1]!)).toBeCloseTo(1, 12);
  const equal = await principalPlane(new Float32Array(12).fill(3), 3, stream(), pause);
  expect(equal.shares).toEqual([0, 0]);
  expect([...projectOnto(equal, new Float32Array(12).fill(3))]).toEqual(new Array(8).fill(0));
});
