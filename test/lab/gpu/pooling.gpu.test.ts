import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { globalMean } from '../../../src/lab/gpu/global-mean';
import { maxPool } from '../../../src/lab/gpu/max-pool';
import { randomStream } from '../../../src/lab/rng';
import { sizeOf } from '../../../src/lab/tensors';
import { deviceForTests } from '../../support/device';
import { checkOperation } from '../../support/reference';

deviceForTests();

test.each([[[1, 1, 1, 1]], [[3, 5, 2, 7]], [[2, 4, 4, 8]]])('globalMean of %j', async (shape) => {
  const [n, height, width, channels] = shape as [number, number, number, number];
  await checkOperation({
    name: `globalMean/${shape}`,
    shapes: [shape],
    op: (x) => globalMean(x as tf.Tensor4D),
    reference: (x) => {
      const y = new Float64Array(n * channels);
      x!.forEach((value, i) => {
        y[Math.floor(i / (height * width * channels)) * channels + (i % channels)]! +=
          value / (height * width);
      });
      return y;
    },
  });
});

/** Evenly spaced numbers around 0. */
const steps = (count: number) => Array.from({ length: count }, (_, i) => (i - count / 2) / 64);

/** The maximum of every window, padding left out. */
function pooled(x: Float64Array, shape: number[], size: number, stride: number, pad: number) {
  const [n, height, width, channels] = shape as [number, number, number, number];
  const outHeight = Math.floor((height + 2 * pad - size) / stride) + 1;
  const outWidth = Math.floor((width + 2 * pad - size) / stride) + 1;
  return Float64Array.from({ length: n * outHeight * outWidth * channels }, (_, i) => {
    const channel = i % channels;
    const column = Math.floor(i / channels) % outWidth;
    const row = Math.floor(i / (channels * outWidth)) % outHeight;
    const image = Math.floor(i / (channels * outWidth * outHeight));
    let largest = Number.NEGATIVE_INFINITY;
    for (let r = row * stride - pad; r < row * stride - pad + size; r++)
      for (let c = column * stride - pad; c < column * stride - pad + size; c++)
        if (r >= 0 && r < height && c >= 0 && c < width)
          largest = Math.max(largest, x[((image * height + r) * width + c) * channels + channel]!);
    return largest;
  });
}

test('maxPool: any shape, window, stride and padding', async () => {
  const cases = fc.record({
    shape: fc.tuple(fc.nat(1), fc.nat(7), fc.nat(7), fc.nat(4)).map((s) => s.map((length) => length + 1)),
    size: fc.integer({ min: 1, max: 4 }),
    stride: fc.integer({ min: 1, max: 4 }),
    pad: fc.nat(2),
  });
  const fits = ({ shape, size, pad }: { shape: number[]; size: number; pad: number }) =>
    2 * pad <= size && shape[1]! + 2 * pad >= size && shape[2]! + 2 * pad >= size;
  await fc.assert(
    fc.asyncProperty(cases.filter(fits), async ({ shape, size, stride, pad }) => {
      await checkOperation({
        name: `maxPool/${shape}`,
        shapes: [shape],
        // Values differ by more than the step of the finite differences, which must not change a window's maximum.
        values: [Float32Array.from(randomStream(1, 'pool').shuffle(steps(sizeOf(shape))))],
        op: (x) => maxPool(x as tf.Tensor4D, size, stride, pad),
        reference: (x) => pooled(x!, shape, size, stride, pad),
      });
    }),
    { numRuns: 30, examples: [[{ shape: [2, 7, 6, 3], size: 3, stride: 2, pad: 1 }]] },
  );
});

test('maxPool: refuses windows that could lie in the padding alone', () => {
  expect(() => maxPool(tf.zeros([1, 4, 4, 1]), 2, 2, 2)).toThrow(/cannot be pooled/);
});

test('maxPool: of equal values the first in the window gets the gradient, as in PyTorch', async () => {
  const gradient = tf.grad((x) => maxPool(x as tf.Tensor4D, 2, 2, 0))(tf.zeros([1, 4, 2, 1]));
  expect([...(await gradient.data())]).toEqual([1, 0, 0, 0, 1, 0, 0, 0]);
});
