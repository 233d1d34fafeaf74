import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { conv2d, conv2dBranch } from '../../../src/lab/gpu/conv/conv2d';
import { filterShape, inputShape, outputShape } from '../../../src/lab/gpu/conv/shape';
import { deviceForTests, productVariants } from '../../support/device';
import { type ConvCase, compute, drawn, named, problem, relativeError } from './conv-problems';
import { referenceConv } from './conv-reference';

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

  it.each<ConvCase>([
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
