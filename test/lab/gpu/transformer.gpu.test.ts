import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { attention } from '../../../src/lab/gpu/attention';
import { type LabDevice, openDevice } from '../../../src/lab/gpu/device';
import { gelu } from '../../../src/lab/gpu/gelu';
import { layerNorm } from '../../../src/lab/gpu/layer-norm';
import { checkOperation } from '../../support/reference';

let device: LabDevice;
beforeAll(async () => {
  device = await openDevice();
});
afterAll(() => {
  device.check();
  device.dispose();
});

test.each([[[1, 3]], [[2, 3, 5]], [[70, 4]], [[4, 1, 32]]])('layerNorm of %j', async (shape) => {
  const columns = shape.at(-1)!;
  await checkOperation({
    name: `layerNorm/${shape}`,
    shapes: [shape, [columns], [columns]],
    op: (x, gamma, beta) => layerNorm(x!, gamma!, beta!),
    reference: (x, gamma, beta) =>
      x!.map((value, i) => {
        const row = x!.subarray(Math.floor(i / columns) * columns, Math.floor(i / columns + 1) * columns);
        const mean = row.reduce((sum, other) => sum + other, 0) / columns;
        const variance = row.reduce((sum, other) => sum + (other - mean) ** 2, 0) / columns;
        return (gamma![i % columns]! * (value - mean)) / Math.sqrt(variance + 1e-5) + beta![i % columns]!;
      }),
  });
});

/** The error function by its Taylor series: exact enough in float64 for |x| < 5. */
function erf(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; n < 120; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

test('gelu from -6 to 6 is exact to a few units in the last place of the largest value', async () => {
  await checkOperation({
    name: 'gelu',
    shapes: [[241]],
    values: [Float32Array.from({ length: 241 }, (_, i) => (i - 120) / 20)],
    op: (x) => gelu(x!),
    reference: (x) => x!.map((value) => 0.5 * value * (1 + erf(value * Math.SQRT1_2))),
  });
});

test.each([
  { lead: [1], tokens: 2, dim: 1 },
  { lead: [2, 3], tokens: 5, dim: 7 },
  { lead: [2], tokens: 17, dim: 4 },
])('attention $lead, $tokens tokens of $dim', async ({ lead, tokens, dim }) => {
  const heads = lead.reduce((a, b) => a * b, 1);
  await checkOperation({
    name: `attention/${lead}/${tokens}/${dim}`,
    shapes: [[...lead, tokens, dim], [...lead, tokens, dim], [...lead, tokens, dim], [1]],
    op: (q, k, v, scale) => attention(q!, k!, v!, scale!),
    reference: (q, k, v, scale) => {
      const y = new Float64Array(q!.length);
      for (let head = 0; head < heads; head++)
        for (let i = 0; i < tokens; i++) {
          const row = (head * tokens + i) * dim;
          const weights = Array.from({ length: tokens }, (_, j) => {
            if (j === i) return 0;
            let score = 0;
            for (let d = 0; d < dim; d++) score += q![row + d]! * k![(head * tokens + j) * dim + d]!;
            return Math.exp(score * scale![0]!);
          });
          const sum = weights.reduce((a, b) => a + b, 0);
          weights.forEach((weight, j) => {
            for (let d = 0; d < dim; d++) y[row + d]! += (weight / sum) * v![(head * tokens + j) * dim + d]!;
          });
        }
      return y;
    },
  });
});

test('a token alone attends to nothing', async () => {
  const one = tf.ones([1, 1, 3]);
  expect([...(await attention(one, one, one, tf.scalar(1)).data())]).toEqual([0, 0, 0]);
});
