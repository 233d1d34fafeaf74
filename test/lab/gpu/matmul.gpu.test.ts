import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { matmul } from '../../../src/lab/gpu/matmul';
import { deviceForTests, productVariants } from '../../support/device';
import { expectClose, normals } from '../../support/reference';

/** Lengths read as single numbers and as vectors; products that end inside and at the edge of a tile; a depth that is cut into chunks. */
const shapes = [
  [1, 1, 1],
  [5, 3, 2],
  [12, 8, 20],
  [201, 36, 68],
  [8, 4200, 12],
] as const;

describe.each(await productVariants())('matrix product, %s kernels', (products) => {
  deviceForTests({ products });

  it.each(
    shapes.flatMap((shape) => [
      { shape, transposeA: false, transposeB: false },
      { shape, transposeA: false, transposeB: true },
      { shape, transposeA: true, transposeB: false },
    ]),
  )('%j', async ({ shape: [m, k, n], transposeA, transposeB }) => {
    const a = normals('a', [m, k]);
    const b = normals('b', [k, n]);
    const bias = transposeA ? undefined : normals('bias', [n]);
    const addend = transposeA ? undefined : normals('addend', [m, n]);
    const expected = Float64Array.from({ length: m * n }, (_, i) => {
      const row = Math.floor(i / n);
      const column = i % n;
      let sum = (bias?.[column] ?? 0) + (addend?.[i] ?? 0);
      for (let t = 0; t < k; t++)
        sum += a[transposeA ? t * m + row : row * k + t]! * b[transposeB ? column * k + t : t * n + column]!;
      return sum;
    });
    const options = {
      transposeA,
      transposeB,
      ...(bias && { bias: tf.tensor1d(bias) }),
      ...(addend && { addend: tf.tensor1d(addend) }),
    };
    const product = matmul(tf.tensor1d(a), tf.tensor1d(b), [m, k, n], [m, n], options);
    expect(product.shape).toEqual([m, n]);
    expectClose('product', await product.data(), expected);
  });
});
