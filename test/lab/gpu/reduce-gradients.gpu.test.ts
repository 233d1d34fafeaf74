import * as tf from '@tensorflow/tfjs-core';
import { test } from 'vitest';
import { sizeOf } from '../../../src/lab/tensors';
import { deviceForTests } from '../../support/device';
import { checkOperation } from '../../support/reference';

deviceForTests();

/** Sum over `axes`, entry by entry. */
function sum(x: Float64Array, shape: number[], axes: number[]): Float64Array {
  const kept = shape.filter((_, axis) => !axes.includes(axis));
  const y = new Float64Array(sizeOf(kept));
  x.forEach((value, flat) => {
    let rest = flat;
    let stride = 1;
    let at = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const index = rest % shape[axis]!;
      rest = Math.floor(rest / shape[axis]!);
      if (axes.includes(axis)) continue;
      at += index * stride;
      stride *= shape[axis]!;
    }
    y[at]! += value;
  });
  return y;
}

test.each([
  { shape: [3], axes: [0] },
  { shape: [2, 3, 4, 5], axes: [1, 2] },
  { shape: [2, 3, 4, 5], axes: [0, 1, 2, 3] },
  { shape: [2, 3, 5], axes: [2] },
  { shape: [7, 3], axes: [-2] },
])('gradients of sum and mean of $shape over $axes', async ({ shape, axes }) => {
  const positive = axes.map((axis) => (axis + shape.length) % shape.length);
  const count = sizeOf(positive.map((axis) => shape[axis]!));
  for (const keepDims of [false, true]) {
    await checkOperation({
      name: 'sum',
      shapes: [shape],
      op: (x) => tf.sum(x!, axes, keepDims),
      reference: (x) => sum(x!, shape, positive),
    });
    await checkOperation({
      name: 'mean',
      shapes: [shape],
      op: (x) => tf.mean(x!, axes, keepDims),
      reference: (x) => sum(x!, shape, positive).map((value) => value / count),
    });
  }
});
