import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { accumulate } from '../../../src/lab/gpu/accumulate';
import { type LabDevice, openDevice } from '../../../src/lab/gpu/device';
import { readTensor } from '../../../src/lab/gpu/read';
import { packMask, packRates, sgdStep } from '../../../src/lab/gpu/sgd';
import { expectClose, normals } from '../../support/reference';

let device: LabDevice;
beforeAll(async () => {
  device = await openDevice();
});
afterAll(() => {
  device.check();
  device.dispose();
});

const bitsOf = (values: Float32Array) => new Uint32Array(values.buffer, values.byteOffset, values.length);

const SIZES = [1, 5, 64, 1003, 65, 128, 2];
/** Entries 1, 4, 7, … of every second parameter are frozen. */
const maskOf = (size: number, p: number) =>
  p % 2 ? Uint8Array.from({ length: size }, (_, i) => (i % 3 === 1 ? 0 : 1)) : undefined;
const ratesOf = (step: number) => ({ lr: 0.1 / (step + 1), momentum: 0.9, weightDecay: 0.01 });

/** Three steps on parameters of all sizes; what they and their velocities were and became. */
async function threeSteps(storageBuffers?: number) {
  const parameters = SIZES.map((size, p) => {
    const mask = maskOf(size, p);
    return {
      mask: mask && packMask(mask),
      parameter: tf.variable(tf.tensor1d(normals(`theta/${p}`, [size]))),
      velocity: tf.variable(tf.tensor1d(normals(`velocity/${p}`, [size]))),
    };
  });
  const read = () =>
    Promise.all(parameters.flatMap((one) => [readTensor(one.parameter), readTensor(one.velocity)]));
  const before = await read();
  const tensors = tf.memory().numTensors;
  for (let step = 0; step < 3; step++)
    tf.tidy(() => {
      const updates = parameters.map((one, p) => ({
        ...one,
        gradient: tf.tensor1d(normals(`gradient/${p}/${step}`, [SIZES[p]!])),
      }));
      sgdStep(updates, tf.tensor1d(packRates(ratesOf(step))), storageBuffers);
    });
  expect(tf.memory().numTensors).toBe(tensors);
  const after = await read();
  tf.dispose(parameters);
  return { before: before as Float32Array[], after: after as Float32Array[] };
}

test('three steps over parameters of all sizes follow the rule; frozen entries keep their bits', async () => {
  const { before, after } = await threeSteps();
  for (const [p, size] of SIZES.entries()) {
    const mask = maskOf(size, p);
    const theta = Float64Array.from(before[2 * p]!);
    const v = Float64Array.from(before[2 * p + 1]!);
    for (let step = 0; step < 3; step++) {
      const { lr, momentum, weightDecay } = ratesOf(step);
      const g = normals(`gradient/${p}/${step}`, [size]);
      for (let i = 0; i < size; i++) {
        if (mask?.[i] === 0) continue;
        v[i] = momentum * v[i]! + g[i]! + weightDecay * theta[i]!;
        theta[i]! -= lr * v[i]!;
      }
    }
    expectClose(`parameter ${p}`, after[2 * p]!, theta, 1e-6);
    expectClose(`velocity ${p}`, after[2 * p + 1]!, v, 1e-6);
    for (const which of [2 * p, 2 * p + 1])
      for (let i = 0; i < size; i++)
        if (mask?.[i] === 0) expect(bitsOf(after[which]!)[i]).toBe(bitsOf(before[which]!)[i]);
  }
});

test('how many parameters share a dispatch does not change a bit', async () => {
  const [few, many] = [await threeSteps(5), await threeSteps()];
  expect(few.after.map(bitsOf)).toEqual(many.after.map(bitsOf));
});

test('gradients and their squares accumulate in place', async () => {
  const sum = tf.variable(tf.zeros([3]));
  accumulate(sum, tf.tensor1d([1, 2, 3]));
  accumulate(sum, tf.tensor1d([1, -2, 3]), { square: true });
  expect([...(await sum.data())]).toEqual([2, 6, 12]);
});
