import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LabDevice, openDevice } from '../../../src/lab/gpu/device';
import { globalMean } from '../../../src/lab/gpu/global-mean';
import { maxPool } from '../../../src/lab/gpu/max-pool';
import { checkOperation } from '../../support/reference';

let device: LabDevice;
beforeAll(async () => {
  device = await openDevice();
});
afterAll(() => {
  device.check();
  device.dispose();
});

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

test.each([
  { shape: [2, 7, 6, 3], size: 3, stride: 2, pad: 1 },
  { shape: [1, 4, 4, 1], size: 2, stride: 2, pad: 0 },
  { shape: [1, 5, 7, 2], size: 3, stride: 1, pad: 1 },
  { shape: [1, 7, 5, 2], size: 2, stride: 3, pad: 1 },
  { shape: [1, 1, 1, 1], size: 3, stride: 2, pad: 1 },
])('maxPool %j', async ({ shape, size, stride, pad }) => {
  const [n, height, width, channels] = shape as [number, number, number, number];
  const outHeight = Math.floor((height + 2 * pad - size) / stride) + 1;
  const outWidth = Math.floor((width + 2 * pad - size) / stride) + 1;
  await checkOperation({
    name: `maxPool/${shape}`,
    shapes: [shape],
    op: (x) => maxPool(x as tf.Tensor4D, size, stride, pad),
    reference: (x) => {
      const y = new Float64Array(n * outHeight * outWidth * channels).fill(Number.NEGATIVE_INFINITY);
      for (let i = 0; i < y.length; i++) {
        const channel = i % channels;
        const column = Math.floor(i / channels) % outWidth;
        const row = Math.floor(i / (channels * outWidth)) % outHeight;
        const image = Math.floor(i / (channels * outWidth * outHeight));
        for (let r = row * stride - pad; r < row * stride - pad + size; r++)
          for (let c = column * stride - pad; c < column * stride - pad + size; c++)
            if (r >= 0 && r < height && c >= 0 && c < width)
              y[i] = Math.max(y[i]!, x![((image * height + r) * width + c) * channels + channel]!);
      }
      return y;
    },
  });
});

test('equal values give the gradient to the first of the window, as in PyTorch', async () => {
  const gradient = tf.grad((x) => maxPool(x as tf.Tensor4D, 2, 2, 0))(tf.zeros([1, 4, 2, 1]));
  expect([...(await gradient.data())]).toEqual([1, 0, 0, 0, 1, 0, 0, 0]);
});
