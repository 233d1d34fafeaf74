import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LabDevice, openDevice } from '../../../src/lab/gpu/device';
import { matmul } from '../../../src/lab/gpu/matmul';
import { expectClose, normals } from '../../support/reference';

let device: LabDevice;
beforeAll(async () => {
  device = await openDevice();
});
afterAll(() => {
  device.check();
  device.dispose();
});

/** Both tile sizes, reading vectors and single numbers, with tiles that end inside and at the edge of the product. */
describe.each([
  [1, 1, 1],
  [5, 3, 2],
  [12, 8, 20],
  [200, 33, 65],
  [516, 12, 516],
] as const)('%i×%i times %i columns', (m, k, n) => {
  it.each([
    { transposeA: false, transposeB: false },
    { transposeA: false, transposeB: true },
    { transposeA: true, transposeB: false },
    { transposeA: true, transposeB: true },
  ])('%j', async ({ transposeA, transposeB }) => {
    const a = normals('a', [m, k]);
    const b = normals('b', [k, n]);
    const bias = normals('bias', [n]);
    const expected = Float64Array.from({ length: m * n }, (_, i) => {
      const row = Math.floor(i / n);
      const column = i % n;
      let sum = bias[column]!;
      for (let t = 0; t < k; t++)
        sum += a[transposeA ? t * m + row : row * k + t]! * b[transposeB ? column * k + t : t * n + column]!;
      return sum;
    });
    const options = { transposeA, transposeB, bias: tf.tensor1d(bias) };
    const product = matmul(tf.tensor1d(a), tf.tensor1d(b), [m, k, n], [m, n], options);
    expect(product.shape).toEqual([m, n]);
    expectClose('product', await product.data(), expected);
  });
});
