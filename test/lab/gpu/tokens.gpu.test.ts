import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { stockOperations } from '../../../src/lab/gpu/stock';
import { embedTokens, shiftedPatches } from '../../../src/lab/gpu/tokens';
import { deviceForTests } from '../../support/device';
import { checkOperation, normals } from '../../support/reference';

deviceForTests();

test.each([
  { shape: [2, 6, 4, 3], patch: 2 },
  { shape: [1, 3, 9, 1], patch: 3 },
  { shape: [3, 2, 2, 2], patch: 1 },
])('shifted patches $shape, patch $patch: the bits of the stock operations', async ({ shape, patch }) => {
  const images = tf.tensor4d(normals('images', shape), shape as [number, number, number, number]);
  const [own, stock] = [shiftedPatches(images, patch), stockOperations.shiftedPatches(images, patch)];
  expect(own.shape).toEqual(stock.shape);
  expect(await own.data()).toEqual(await stock.data());
  tf.dispose([images, own, stock]);
});

test.each([
  { n: 1, count: 1, dim: 1 },
  { n: 5, count: 4, dim: 3 },
  { n: 3, count: 17, dim: 8 },
])('class token and positions for $n × $count × $dim', ({ n, count, dim }) =>
  checkOperation({
    name: `embed/${n}/${count}/${dim}`,
    shapes: [
      [n, count, dim],
      [1, 1, dim],
      [1, count + 1, dim],
    ],
    op: (patches, first, position) =>
      embedTokens(patches as tf.Tensor3D, first as tf.Tensor3D, position as tf.Tensor3D),
    reference: (patches, first, position) =>
      Float64Array.from({ length: n * (count + 1) * dim }, (_, i) => {
        const [image, own] = [Math.floor(i / position!.length), i % position!.length];
        const token = own < dim ? first![own]! : patches![image * count * dim + own - dim]!;
        return token + position![own]!;
      }),
  }),
);
