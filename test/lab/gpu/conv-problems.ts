import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { conv2d } from '../../../src/lab/gpu/conv/conv2d';
import { convShape, filterShape, inputShape, outputShape } from '../../../src/lab/gpu/conv/shape';
import { randomStream } from '../../../src/lab/rng';
import { sizeOf } from '../../../src/lab/tensors';

/** One convolution to compute. */
export type ConvCase = [
  batch: number,
  height: number,
  width: number,
  channels: number,
  out: number,
  kernel: [number, number],
  stride: number,
  pad: number,
];

/** Shapes of networks, and odd ones. */
export const named: ConvCase[] = [
  [1, 1, 1, 1, 1, [1, 1], 1, 0],
  [3, 28, 28, 1, 16, [3, 3], 1, 1],
  [2, 14, 14, 16, 32, [3, 3], 2, 1],
  [2, 14, 14, 16, 32, [1, 1], 2, 0],
  [5, 7, 7, 32, 32, [3, 3], 1, 1],
  [2, 23, 21, 3, 20, [7, 7], 2, 3],
  [2, 9, 11, 10, 3, [2, 3], 3, 1],
  [1, 5, 4, 12, 12, [3, 3], 1, 4],
  [2, 6, 6, 4, 9, [1, 1], 4, 0],
  [3, 9, 7, 20, 24, [3, 2], 2, 1],
  [2, 5, 13, 8, 36, [1, 1], 1, 0],
];

const random = randomStream(7, 'conv-shapes');
const between = (low: number, high: number) => low + random.below(high - low + 1);
/** Any shapes. */
export const drawn: ConvCase[] = Array.from({ length: 24 }, () => {
  const [height, width] = [between(1, 13), between(1, 13)];
  const pad = between(0, 3);
  const kernel: [number, number] = [
    between(1, Math.min(5, height + 2 * pad)),
    between(1, Math.min(5, width + 2 * pad)),
  ];
  return [between(1, 5), height, width, between(1, 21), between(1, 21), kernel, between(1, 3), pad];
});

/** Its operands, normal numbers; the output's gradient as small as that of a mean over its pixels. */
export function problem([batch, height, width, channels, out, kernel, stride, pad]: ConvCase) {
  const shape = convShape([batch, height, width, channels], [...kernel, channels, out], stride, pad);
  const normal = (dimensions: number[], name: string) => {
    const stream = randomStream(1, 'conv', name);
    return Float32Array.from({ length: sizeOf(dimensions) }, () => stream.normal());
  };
  return {
    shape,
    x: normal(inputShape(shape), 'x'),
    filter: normal(filterShape(shape), 'filter'),
    dy: normal(outputShape(shape), 'dy').map((value) => value / (batch * shape.outHeight * shape.outWidth)),
  };
}

/** The convolution and its two gradients on the device, through the tape. */
export async function compute({ shape, x, filter, dy }: ReturnType<typeof problem>) {
  const X = tf.tensor4d(x, inputShape(shape));
  const W = tf.tensor4d(filter, filterShape(shape));
  const DY = tf.tensor4d(dy, outputShape(shape));
  const forward = (images: tf.Tensor4D, weights: tf.Tensor4D) =>
    conv2d(images, weights, shape.stride, shape.pad);
  const y = forward(X, W);
  const [dx, dFilter] = tf.grads((images, weights) => forward(images as tf.Tensor4D, weights as tf.Tensor4D))(
    [X, W],
    DY,
  );
  expect(y.shape).toEqual(outputShape(shape));
  const [a, b, c] = await Promise.all([y.data(), dx!.data(), dFilter!.data()]);
  tf.dispose([X, W, DY, y, dx!, dFilter!]);
  return { y: a as Float32Array, dx: b as Float32Array, dFilter: c as Float32Array };
}

/** The largest difference as a share of the largest value. */
export function relativeError(got: Float32Array, wanted: Float64Array): number {
  const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const worst = wanted.reduce((most, value, i) => Math.max(most, Math.abs(value - got[i]!)), 0);
  return worst / (largest || 1);
}
