import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { accumulate } from '../../../src/lab/gpu/accumulate';
import { type LabDevice, openDevice } from '../../../src/lab/gpu/device';
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

test.each([1, 5, 64, 1003])(
  'three steps over %i entries follow the rule; frozen entries keep their bits',
  async (size) => {
    const start = normals('theta', [size]);
    const mask = Uint8Array.from({ length: size }, (_, i) => (i % 3 === 1 ? 0 : 1));
    const parameter = tf.variable(tf.tensor1d(start));
    const velocity = tf.variable(tf.tensor1d(normals('velocity', [size]).map((v, i) => (mask[i] ? 0 : v))));
    const startVelocity = Float32Array.from(await velocity.data());
    const packed = packMask(mask);
    const theta = Float64Array.from(start);
    const v = new Float64Array(size);
    const before = tf.memory().numTensors;

    for (let step = 0; step < 3; step++) {
      const rates = { lr: 0.1 / (step + 1), momentum: 0.9, weightDecay: 0.01 };
      const g = normals(`gradient/${step}`, [size]);
      tf.tidy(() => sgdStep(parameter, velocity, tf.tensor1d(g), tf.tensor1d(packRates(rates)), packed));
      for (let i = 0; i < size; i++) {
        if (!mask[i]) continue;
        v[i] = rates.momentum * v[i]! + g[i]! + rates.weightDecay * theta[i]!;
        theta[i]! -= rates.lr * v[i]!;
      }
    }
    expect(tf.memory().numTensors).toBe(before);
    const after = (await parameter.data()) as Float32Array;
    expectClose('parameter', after, theta, 1e-6);
    const velocities = (await velocity.data()) as Float32Array;
    for (let i = 0; i < size; i++) {
      if (mask[i]) continue;
      expect(bitsOf(after)[i]).toBe(bitsOf(start)[i]);
      expect(bitsOf(velocities)[i]).toBe(bitsOf(startVelocity)[i]);
    }
    tf.dispose([parameter, velocity, packed]);
  },
);

test('without a mask every entry moves', async () => {
  const parameter = tf.variable(tf.tensor1d([1, 2, 3]));
  const velocity = tf.variable(tf.zeros([3]));
  const rates = tf.tensor1d(packRates({ lr: 0.5, momentum: 0.9, weightDecay: 0 }));
  sgdStep(parameter, velocity, tf.tensor1d([2, 4, 6]), rates);
  expect([...(await parameter.data())]).toEqual([0, 0, 0]);
  expect([...(await velocity.data())]).toEqual([2, 4, 6]);
});

test('gradients and their squares accumulate in place', async () => {
  const sum = tf.variable(tf.zeros([3]));
  accumulate(sum, tf.tensor1d([1, 2, 3]));
  accumulate(sum, tf.tensor1d([1, -2, 3]), { square: true });
  expect([...(await sum.data())]).toEqual([2, 6, 12]);
});
