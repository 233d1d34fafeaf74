import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { conv2d, conv2dBranch } from '../../../src/lab/gpu/conv/conv2d';
import { convShape, filterShape, inputShape, outputShape } from '../../../src/lab/gpu/conv/shape';
import { randomStream } from '../../../src/lab/rng';
import { sizeOf } from '../../../src/lab/tensors';
import { deviceForTests, productVariants } from '../../support/device';
import { referenceConv } from './conv-reference';

type Case = [
  batch: number,
  height: number,
  width: number,
  channels: number,
  out: number,
  kernel: [number, number],
  stride: number,
  pad: number,
];

const named: Case[] = [
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
const drawn: Case[] = Array.from({ length: 24 }, () => {
  const [height, width] = [between(1, 13), between(1, 13)];
  const pad = between(0, 3);
  const kernel: [number, number] = [
    between(1, Math.min(5, height + 2 * pad)),
    between(1, Math.min(5, width + 2 * pad)),
  ];
  return [between(1, 5), height, width, between(1, 21), between(1, 21), kernel, between(1, 3), pad];
});

function problem([batch, height, width, channels, out, kernel, stride, pad]: Case) {
  const shape = convShape([batch, height, width, channels], [...kernel, channels, out], stride, pad);
  const normal = (dimensions: number[], name: string) => {
    const stream = randomStream(1, 'conv', name);
    return Float32Array.from({ length: sizeOf(dimensions) }, () => stream.normal());
  };
  return {
    shape,
    x: normal(inputShape(shape), 'x'),
    filter: normal(filterShape(shape), 'filter'),
    dy: normal(outputShape(shape), 'dy'),
  };
}

async function compute({ shape, x, filter, dy }: ReturnType<typeof problem>) {
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

function relativeError(got: Float32Array, wanted: Float64Array): number {
  const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const worst = wanted.reduce((most, value, i) => Math.max(most, Math.abs(value - got[i]!)), 0);
  return worst / (largest || 1);
}

describe.each(await productVariants())('conv2d, %s kernels', (variant) => {
  deviceForTests({ products: variant });

  it.each([...named, ...drawn])(
    'agrees with float64: %i × %i × %i × %i → %i, filter %j, stride %i, pad %i',
    async (...args) => {
      const given = problem(args);
      const got = await compute(given);
      const wanted = referenceConv(given.x, given.filter, given.dy, given.shape);
      expect(relativeError(got.y, wanted.y)).toBeLessThan(1e-5);
      expect(relativeError(got.dx, wanted.dx)).toBeLessThan(1e-5);
      expect(relativeError(got.dFilter, wanted.dFilter)).toBeLessThan(1e-5);
    },
  );

  it.each<Parameters<typeof problem>[0]>([
    [3, 5, 4, 3, 5, [3, 3], 1, 1],
    // A stride that leaves pixels no tap reaches.
    [2, 9, 7, 4, 8, [1, 1], 2, 0],
    [2, 6, 6, 20, 12, [3, 3], 2, 1],
  ])('as one of two branches: %i × %i × %i × %i → %i, filter %j, stride %i, pad %i', async (...args) => {
    const { shape, x, filter, dy } = problem(args);
    const wanted = referenceConv(x, filter, dy, shape);
    const inputs = [tf.tensor4d(x, inputShape(shape)), tf.tensor4d(filter, filterShape(shape))];
    const weights = tf.tensor4d(dy, outputShape(shape));
    const before = tf.memory();
    const { value, grads } = tf.valueAndGrads((images, weight) => {
      const [y, beside] = conv2dBranch(images as tf.Tensor4D, weight as tf.Tensor4D, shape.stride, shape.pad);
      return tf.add(tf.sum(tf.mul(y, weights)), tf.sum(tf.square(beside))) as tf.Scalar;
    })(inputs);
    const [dx, dFilter] = await Promise.all(
      grads.map((gradient) => gradient.data() as Promise<Float32Array>),
    );
    expect(
      relativeError(
        dx!,
        wanted.dx.map((value, i) => value + 2 * x[i]!),
      ),
    ).toBeLessThan(1e-5);
    expect(relativeError(dFilter!, wanted.dFilter)).toBeLessThan(1e-5);
    tf.dispose([value, ...grads]);
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
  });

  it('gives the same bits twice', async () => {
    const given = problem([4, 14, 14, 16, 24, [3, 3], 2, 1]);
    expect(await compute(given)).toEqual(await compute(given));
  });

  it('computes no input gradient when only the filter is trained', async () => {
    const { shape, x, filter, dy } = problem([2, 6, 6, 3, 5, [3, 3], 1, 1]);
    const X = tf.tensor4d(x, inputShape(shape));
    const W = tf.tensor4d(filter, filterShape(shape));
    const gradient = tf.grad((weights: tf.Tensor) => conv2d(X, weights as tf.Tensor4D, 1, 1));
    const profile = await tf.profile(() => gradient(W, tf.tensor4d(dy, outputShape(shape))));
    expect(profile.kernelNames).toContain('LetheConv2DFilterGradient');
    expect(profile.kernelNames).not.toContain('LetheConv2DInputGradient');
  });

  it('leaves no tensor behind', async () => {
    await compute(problem([2, 5, 5, 4, 8, [3, 3], 1, 1]));
    const before = [tf.memory().numTensors, tf.memory().numDataBuffers];
    await compute(problem([2, 5, 5, 4, 8, [3, 3], 1, 1]));
    expect([tf.memory().numTensors, tf.memory().numDataBuffers]).toEqual(before);
  });

  it('says what is wrong with shapes that do not fit', () => {
    const x = tf.zeros<tf.Rank.R4>([1, 4, 4, 3]);
    expect(() => conv2d(x, tf.zeros([3, 3, 4, 8]), 1, 1)).toThrow('does not fit');
    expect(() => conv2d(x, tf.zeros([9, 9, 3, 8]), 1, 0)).toThrow('larger than the padded');
  });
});
