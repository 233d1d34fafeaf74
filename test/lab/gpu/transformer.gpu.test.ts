import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { attention } from '../../../src/lab/gpu/attention';
import { gelu } from '../../../src/lab/gpu/gelu';
import { layerNorm, layerNormBranch } from '../../../src/lab/gpu/layer-norm';
import { deviceForTests } from '../../support/device';
import { checkOperation, expectClose, normals } from '../../support/reference';

deviceForTests();

/** Layer normalisation of rows of `columns` values. */
const normalise = (columns: number) => (x: Float64Array, gamma: Float64Array, beta: Float64Array) =>
  x.map((value, i) => {
    const row = x.subarray(Math.floor(i / columns) * columns, Math.floor(i / columns + 1) * columns);
    const mean = row.reduce((sum, other) => sum + other, 0) / columns;
    const variance = row.reduce((sum, other) => sum + (other - mean) ** 2, 0) / columns;
    return (gamma[i % columns]! * (value - mean)) / Math.sqrt(variance + 1e-5) + beta[i % columns]!;
  });

test.each([[[1, 3]], [[2, 3, 5]], [[70, 4]], [[4, 1, 32]], [[67, 12]]])('layerNorm of %j', async (shape) => {
  const columns = shape.at(-1)!;
  const shapes = [shape, [columns], [columns]];
  const reference = normalise(columns) as (...inputs: Float64Array[]) => Float64Array;
  await checkOperation({
    name: `layerNorm/${shape}`,
    shapes,
    op: (x, gamma, beta) => layerNorm(x!, gamma!, beta!),
    reference,
  });
  await checkOperation({
    name: `layerNormBranch/${shape}`,
    shapes,
    op: (x, gamma, beta) =>
      tf.tidy(() => {
        const [y, beside] = layerNormBranch(x!, gamma!, beta!);
        return tf.add(y, tf.square(beside));
      }),
    reference: (x, gamma, beta) => reference(x!, gamma!, beta!).map((value, i) => value + x![i]! ** 2),
  });
});

test('layerNorm: gradients of gamma and beta over more rows than a workgroup has threads for', async () => {
  const [rows, columns] = [64 * 64 + 70, 4];
  const inputs = [[rows, columns], [columns], [columns]].map((shape, i) =>
    tf.tensor(normals(`rows/${i}`, shape), shape),
  );
  const dy = normals('rows/dy', [rows, columns]);
  const [, , dbeta] = tf.grads((x, gamma, beta) => layerNorm(x!, gamma!, beta!))(
    inputs,
    tf.tensor(dy, [rows, columns]),
  );
  const expected = Float64Array.from({ length: columns }, (_, c) =>
    dy.reduce((sum, g, i) => (i % columns === c ? sum + g : sum), 0),
  );
  expectClose('dbeta', await dbeta!.data(), expected);
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

test.each([241, 240])(
  'gelu of %i values from -6 to 6 is exact to a few ulp of the largest',
  async (count) => {
    await checkOperation({
      name: 'gelu',
      shapes: [[count]],
      values: [Float32Array.from({ length: count }, (_, i) => (i - 120) / 20)],
      op: (x) => gelu(x!),
      reference: (x) => x!.map((value) => 0.5 * value * (1 + erf(value * Math.SQRT1_2))),
    });
  },
);

test('gelu: more elements than one side of the grid has workgroups', async () => {
  const count = 65_535 * 64 + 5;
  const y = (await gelu(tf.fill([count], 100)).data()) as Float32Array;
  expect(y.every((value) => value === 100)).toBe(true);
});

test.each([
  { n: 1, tokens: 2, heads: 1, dim: 1 },
  { n: 2, tokens: 5, heads: 3, dim: 3 },
  { n: 1, tokens: 17, heads: 2, dim: 2 },
  { n: 2, tokens: 6, heads: 2, dim: 8 },
  { n: 1, tokens: 67, heads: 1, dim: 4 },
])('attention %j', async ({ n, tokens, heads, dim }) => {
  const inner = heads * dim;
  await checkOperation({
    name: `attention/${tokens}/${dim}`,
    shapes: [[n, tokens, 3 * inner], []],
    op: (qkv, temperature) => attention(qkv as tf.Tensor3D, temperature as tf.Scalar, heads),
    reference: (qkv, temperature) => {
      const y = new Float64Array(n * tokens * inner);
      const row = (image: number, token: number, part: number, head: number) => {
        const begin = (image * tokens + token) * 3 * inner + part * inner + head * dim;
        return qkv!.subarray(begin, begin + dim);
      };
      for (let image = 0; image < n; image++)
        for (let head = 0; head < heads; head++)
          for (let i = 0; i < tokens; i++) {
            const q = row(image, i, 0, head);
            const weights = Array.from({ length: tokens }, (_, j) => {
              if (j === i) return 0;
              const score = row(image, j, 1, head).reduce((sum, value, d) => sum + value * q[d]!, 0);
              return Math.exp(score * Math.exp(temperature![0]!));
            });
            const sum = weights.reduce((a, b) => a + b, 0);
            weights.forEach((weight, j) => {
              row(image, j, 2, head).forEach((value, d) => {
                y[(image * tokens + i) * inner + head * dim + d]! += (weight / sum) * value;
              });
            });
          }
      return y;
    },
  });
});

test('attention: a single token attends to nothing', async () => {
  const mixed = attention(tf.ones([1, 1, 9]), tf.scalar(1), 3);
  expect([...(await mixed.data())]).toEqual([0, 0, 0]);
});
