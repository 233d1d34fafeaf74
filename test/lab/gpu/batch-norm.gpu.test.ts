import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { batchNorm } from '../../../src/lab/gpu/batch-norm';
import {
  batchNormGradients,
  batchStatistics,
  normaliseAndScale,
} from '../../../src/lab/gpu/batch-norm-kernels';
import { fitsOneDispatch, normaliseWhole, wholeGradients } from '../../../src/lab/gpu/batch-norm-whole';
import { deviceForTests } from '../../support/device';
import { checkOperation, expectClose, normals } from '../../support/reference';

deviceForTests();

const EPS = 1e-5;

/** Mean and biased variance per channel. */
function moments(x: ArrayLike<number>, channels: number) {
  const rows = x.length / channels;
  const mean = new Float64Array(channels);
  const variance = new Float64Array(channels);
  for (let i = 0; i < x.length; i++) mean[i % channels]! += x[i]! / rows;
  for (let i = 0; i < x.length; i++) variance[i % channels]! += (x[i]! - mean[i % channels]!) ** 2 / rows;
  return { mean, variance };
}

const normalize = (
  x: Float64Array,
  { mean, variance }: { mean: ArrayLike<number>; variance: ArrayLike<number> },
  gamma: Float64Array,
  beta: Float64Array,
  residual: Float64Array | undefined,
  relu: boolean,
) =>
  x.map((value, i) => {
    const channel = i % gamma.length;
    const y =
      (gamma[channel]! * (value - mean[channel]!)) / Math.sqrt(variance[channel]! + EPS) +
      beta[channel]! +
      (residual?.[i] ?? 0);
    return relu ? Math.max(y, 0) : y;
  });

async function check(shape: number[], training: boolean, withResidual: boolean, relu: boolean) {
  const channels = shape.at(-1)!;
  const running = {
    mean: normals('mean', [channels]),
    variance: normals('variance', [channels]).map((v) => Math.abs(v) + 0.1),
  };
  const mean = tf.variable(tf.tensor1d(running.mean));
  const variance = tf.variable(tf.tensor1d(running.variance));
  await checkOperation({
    name: `batchNorm/${shape}/${training}`,
    shapes: [shape, [channels], [channels], ...(withResidual ? [shape] : [])],
    op: (x, gamma, beta, residual) =>
      batchNorm(x!, gamma!, beta!, mean, variance, { training, relu, residual }),
    reference: (x, gamma, beta, residual) =>
      normalize(x!, training ? moments(x!, channels) : running, gamma!, beta!, residual, relu),
  });
  if (!training) {
    expect(await mean.data()).toEqual(running.mean);
    expect(await variance.data()).toEqual(running.variance);
  }
  tf.dispose([mean, variance]);
}

const MODES = [true, false].flatMap((training) =>
  [true, false].flatMap((residual) => [true, false].map((relu) => ({ training, residual, relu }))),
);

test.each(MODES)(
  'batchNorm %j: channel counts divisible by 4 (vectors) and others',
  async ({ training, residual, relu }) => {
    await check([3, 3, 2, 8], training, residual, relu);
    await check([5, 1, 2, 3], training, residual, relu);
  },
);

test('batchNorm: any shape', async () => {
  // With 2 rows the gradient for x is a difference of nearly equal numbers, below float32's resolution: at least 5 rows.
  const shapes = fc
    .tuple(fc.integer({ min: 5, max: 9 }), fc.nat(2), fc.nat(2), fc.nat(8))
    .map(([n, ...rest]) => [n, ...rest.map((length) => length + 1)]);
  await fc.assert(
    fc.asyncProperty(shapes, fc.constantFrom(...MODES), (shape, { training, residual, relu }) =>
      check(shape, training, residual, relu),
    ),
    // Finite differences fail where a value lies too near the ReLU's kink, so the seed is fixed to cases without such values.
    { numRuns: 12, seed: 1 },
  );
});

test('batchNorm: a single row is normalised to beta', async () => {
  const [mean, variance] = [tf.variable(tf.zeros([3])), tf.variable(tf.ones([3]))];
  const y = batchNorm(tf.tensor2d([[5, 6, 7]]), tf.ones([3]), tf.tensor1d([1, 2, 3]), mean, variance, {
    training: true,
  });
  expect([...(await y.data())]).toEqual([1, 2, 3]);
});

test.each([
  // A few rows; then several chunks, several blocks in a chunk; with single channels and with vectors.
  [[3, 5, 5, 5]],
  [[40, 32, 32, 5]],
  [[20, 32, 32, 8]],
])(
  'batchNorm: running statistics of %j move by the momentum, with unbiased variance, also for means far from zero',
  async (shape) => {
    // With a mean of 1000 standard deviations, formulas that subtract squares lose all digits.
    const channels = shape[3]!;
    const x = normals('running', shape).map((value) => 1000 + value);
    const { mean, variance } = moments(x, channels);
    const rows = x.length / channels;
    const runningMean = tf.variable(tf.fill([channels], 7));
    const runningVariance = tf.variable(tf.fill([channels], 3));
    const y = batchNorm(
      tf.tensor(x, shape),
      tf.ones([channels]),
      tf.zeros([channels]),
      runningMean,
      runningVariance,
      {
        training: true,
        momentum: 0.25,
      },
    );
    expectClose(
      'mean',
      await runningMean.data(),
      mean.map((value) => 0.75 * 7 + 0.25 * value),
      1e-6,
    );
    expectClose(
      'variance',
      await runningVariance.data(),
      variance.map((value) => 0.75 * 3 + (0.25 * value * rows) / (rows - 1)),
    );
    const after = moments(await y.data(), channels);
    expectClose('variance of the output', after.variance, new Float64Array(channels).fill(1), 1e-4);
    tf.dispose([y, runningMean, runningVariance]);
  },
);

// The references above are of few rows, hence of one dispatch: this is what tests the several dispatches that many rows take.
test.each([
  // A chunk, one that is cut short, as many as fit, and single channels as well as vectors.
  [[1, 1, 1, 3], true, true],
  [[9, 7, 5, 8], false, true],
  [[16, 16, 16, 5], true, false],
  [[16, 16, 16, 24], true, true],
])('batchNorm of %j: one dispatch gives the bits of several', async (shape, residual, relu) => {
  const channels = shape[3]!;
  const tensor = (name: string, own: number[]) => tf.tensor(normals(name, own), own);
  const [x, skip, dy] = ['x', 'residual', 'dy'].map((name) => tensor(name, shape)) as [
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
  ];
  const [gamma, beta] = [tensor('gamma', [channels]), tensor('beta', [channels])];
  const running = () =>
    [tf.variable(tf.fill([channels], 7)), tf.variable(tf.fill([channels], 3))] as [tf.Variable, tf.Variable];
  const options = { relu, eps: EPS, momentum: 0.25 };
  const addend = residual ? skip : undefined;

  const once = running();
  const [y, statistics] = normaliseWhole(x, gamma, beta, once, addend, options);
  const gradients = wholeGradients(dy, x, statistics, relu ? y : undefined, { residual, eps: EPS });

  const split = running();
  const [mean, variance] = batchStatistics(x, ...split, options.momentum);
  const expected = normaliseAndScale(x, mean, variance, gamma, beta, addend, options);
  const saved = relu ? expected : undefined;
  const back = { residual, training: true, eps: EPS };
  const parts = batchNormGradients(dy, x, gamma, mean, variance, saved, back);

  const read = (tensors: tf.Tensor[]) => Promise.all(tensors.map((each) => each.data()));
  expect(await read([y, ...once, ...gradients])).toEqual(await read([expected, ...split, ...parts]));
  expect(fitsOneDispatch(x)).toBe(true);
  expect(fitsOneDispatch(tf.zeros([16 * 16 * 16 + 1, channels]))).toBe(false);
});
