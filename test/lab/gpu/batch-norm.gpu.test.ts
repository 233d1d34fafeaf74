import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { batchNorm } from '../../../src/lab/gpu/batch-norm';
import { type LabDevice, openDevice } from '../../../src/lab/gpu/device';
import { checkOperation, expectClose, normals } from '../../support/reference';

let device: LabDevice;
beforeAll(async () => {
  device = await openDevice();
});
afterAll(() => {
  device.check();
  device.dispose();
});

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

const shapes = [
  [2, 3, 3, 4],
  [5, 1, 2, 3],
  [3, 1, 1, 1],
  [3, 3, 2, 8],
  [7, 2],
];
for (const shape of shapes)
  for (const training of [true, false])
    for (const [residual, relu] of [
      [false, false],
      [true, true],
      [false, true],
      [true, false],
    ])
      test(`batchNorm of ${shape.join('×')}, ${training ? 'train' : 'eval'}${residual ? ', residual' : ''}${relu ? ', ReLU' : ''}`, async () => {
        const channels = shape.at(-1)!;
        const running = {
          mean: normals('mean', [channels]),
          variance: normals('variance', [channels]).map((v) => Math.abs(v) + 0.1),
        };
        const mean = tf.variable(tf.tensor1d(running.mean));
        const variance = tf.variable(tf.tensor1d(running.variance));
        await checkOperation({
          name: `batchNorm/${shape}/${training}`,
          shapes: [shape, [channels], [channels], ...(residual ? [shape] : [])],
          op: (x, gamma, beta, skip) =>
            batchNorm(x!, gamma!, beta!, mean, variance, {
              training,
              relu,
              ...(skip && { residual: skip }),
            }),
          reference: (x, gamma, beta, skip) =>
            normalize(x!, training ? moments(x!, channels) : running, gamma!, beta!, skip, relu!),
        });
        if (!training) {
          expect(await mean.data()).toEqual(running.mean);
          expect(await variance.data()).toEqual(running.variance);
        }
        mean.dispose();
        variance.dispose();
      });

test('running statistics move by the momentum, the variance unbiased, also far from zero', async () => {
  // Several chunks, several blocks in a chunk; a mean of 1000 deviations kills formulas that subtract squares.
  const shape = [40, 32, 32, 5];
  const x = normals('running', shape).map((value) => 1000 + value);
  const { mean, variance } = moments(x, 5);
  const rows = x.length / 5;
  const runningMean = tf.variable(tf.fill([5], 7));
  const runningVariance = tf.variable(tf.fill([5], 3));
  const y = batchNorm(tf.tensor(x, shape), tf.ones([5]), tf.zeros([5]), runningMean, runningVariance, {
    training: true,
    momentum: 0.25,
  });
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
  const after = moments(await y.data(), 5);
  expectClose('variance of the output', after.variance, new Float64Array(5).fill(1), 1e-4);
  tf.dispose([y, runningMean, runningVariance]);
});
