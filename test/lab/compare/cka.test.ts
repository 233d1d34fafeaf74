import { expect, test } from 'vitest';
import { alignment, unbiasedHsic } from '../../../src/lab/compare/cka';
import { normals } from '../../support/reference';

/** K = XXᵀ in float64. */
function gramOf(rows: Float32Array, width: number, shift = 0): Float64Array {
  const n = rows.length / width;
  return Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    let sum = 0;
    for (let k = 0; k < width; k++) sum += (rows[i * width + k]! + shift) * (rows[j * width + k]! + shift);
    return sum;
  });
}

/** HSIC by its definition: the mean over all ordered quadruples of distinct examples of K_ij (L_ij + L_qr − 2 L_iq). */
function hsicByQuadruples(k: Float64Array, l: Float64Array, n: number): number {
  let [sum, count] = [0, 0];
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      for (let q = 0; q < n; q++)
        for (let r = 0; r < n; r++) {
          if (new Set([i, j, q, r]).size < 4) continue;
          sum += k[i * n + j]! * (l[i * n + j]! + l[q * n + r]! - 2 * l[i * n + q]!);
          count++;
        }
  return sum / count;
}

test.each([4, 5, 7])('HSIC₁ of %i examples: the mean over all quadruples', (n) => {
  const k = gramOf(normals('x', [n, 3]), 3);
  const l = gramOf(normals('y', [n, 5]), 5);
  expect(unbiasedHsic(k, l, n)).toBeCloseTo(hsicByQuadruples(k, l, n), 10);
});

test('CKA: 1 of a model and itself, rotated, scaled and moved; far from it for unrelated features', () => {
  const n = 40;
  const rows = normals('x', [n, 2]);
  const turned = rows.map((_, at) => {
    const [x, y] = [rows[at - (at % 2)]!, rows[at - (at % 2) + 1]!];
    return 3 * (at % 2 === 0 ? 0.6 * x - 0.8 * y : 0.8 * x + 0.6 * y);
  });
  const k = gramOf(rows, 2);
  expect(alignment(k, k, n)).toBeCloseTo(1, 12);
  expect(alignment(k, gramOf(turned, 2, 5), n)).toBeCloseTo(1, 5);
  expect(Math.abs(alignment(k, gramOf(normals('y', [n, 2]), 2), n)!)).toBeLessThan(0.2);
});

test('CKA: null where it is not defined', () => {
  expect(alignment(new Float64Array(9), new Float64Array(9), 3)).toBeNull();
  const k = gramOf(normals('x', [6, 3]), 3);
  expect(alignment(k, gramOf(new Float32Array(6).fill(1), 1), 6)).toBeNull();
  // Equal examples whose inner products differ in the last bits of float32: HSIC₁ is of either sign then, and means nothing.
  const noise = normals('noise', [36]);
  const flat = Float32Array.from(
    noise,
    (_, at) => 1000 * (1 + 1e-7 * (noise[at]! + noise[(at % 6) * 6 + Math.floor(at / 6)]!)),
  );
  expect(alignment(flat, flat, 6)).toBeNull();
});
