import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { accumulateGradient } from '../../../src/lab/gpu/accumulate';
import { readTensor } from '../../../src/lab/gpu/read';
import { layOutLists, packMask, packRates, sgdStep } from '../../../src/lab/gpu/sgd';
import { deviceForTests } from '../../support/device';
import { expectClose, normals } from '../../support/reference';

deviceForTests();

const bitsOf = (values: Float32Array) => new Uint32Array(values.buffer, values.byteOffset, values.length);

const SIZES = [1, 5, 64, 1003, 65, 128, 2];
const { offsets, total } = layOutLists(SIZES);
type Entries = 'all' | 'masked' | 'scaled';
const SCALE = 0.3;
/** Every third entry is frozen; with `scaled` the gradient of every fourth is scaled unless it is frozen. */
const maskOf = (entries: Entries) =>
  Uint8Array.from({ length: total }, (_, i) => {
    if (entries !== 'all' && i % 3 === 1) return 0;
    return entries === 'scaled' && i % 4 === 0 ? 2 : 1;
  });
const ratesOf = (step: number) => ({
  lr: 0.1 / (step + 1),
  momentum: 0.9,
  weightDecay: 0.01,
  gradientScale: SCALE,
});

/** Three steps on parameters of all sizes. @returns parameters, then velocities, before and after. */
async function threeSteps(entries: Entries, storageBuffers?: number) {
  const parameters = SIZES.map((size, p) => tf.variable(tf.tensor1d(normals(`theta/${p}`, [size]))));
  const velocity = tf.variable(tf.tensor1d(normals('velocity', [total])));
  const packed = entries === 'all' ? undefined : packMask(maskOf(entries));
  const read = async () =>
    (await Promise.all([...parameters, velocity].map((tensor) => readTensor(tensor)))) as Float32Array[];
  const before = await read();
  const tensors = tf.memory().numTensors;
  for (let step = 0; step < 3; step++)
    tf.tidy(() => {
      const updates = parameters.map((parameter, p) => ({
        parameter,
        gradient: tf.tensor1d(normals(`gradient/${p}/${step}`, [SIZES[p]!])),
        offset: offsets[p]!,
      }));
      const rates = tf.tensor1d(packRates(ratesOf(step)));
      sgdStep(updates, { velocity, rates, mask: packed, scales: entries === 'scaled' }, storageBuffers);
    });
  expect(tf.memory().numTensors).toBe(tensors);
  const after = await read();
  tf.dispose([...parameters, velocity]);
  packed?.dispose();
  return { before, after };
}

test.each<Entries>(['all', 'masked', 'scaled'])(
  'sgdStep: three steps over parameters of all sizes equal the formula; frozen entries keep their bits (%s)',
  async (entries) => {
    const mask = maskOf(entries);
    const { before, after } = await threeSteps(entries);
    const v = Float64Array.from(before.at(-1)!);
    for (const [p, size] of SIZES.entries()) {
      const theta = Float64Array.from(before[p]!);
      const frozen = (i: number) => mask[offsets[p]! + i] === 0;
      for (let step = 0; step < 3; step++) {
        const { lr, momentum, weightDecay } = ratesOf(step);
        const g = normals(`gradient/${p}/${step}`, [size]);
        for (let i = 0; i < size; i++) {
          if (frozen(i)) continue;
          const at = offsets[p]! + i;
          const slope = mask[at] === 2 ? SCALE * g[i]! : g[i]!;
          v[at] = momentum * v[at]! + slope + weightDecay * theta[i]!;
          theta[i]! -= lr * v[at]!;
        }
      }
      expectClose(`parameter ${p}`, after[p]!, theta, 1e-6);
      for (let i = 0; i < size; i++) if (frozen(i)) expect(bitsOf(after[p]!)[i]).toBe(bitsOf(before[p]!)[i]);
    }
    expectClose('velocities', after.at(-1)!, v, 1e-6);
    for (let at = 0; at < total; at++)
      if (mask[at] === 0) expect(bitsOf(after.at(-1)!)[at]).toBe(bitsOf(before.at(-1)!)[at]);
  },
);

test('sgdStep: the bits do not depend on how many parameters share a dispatch', async () => {
  for (const entries of ['masked', 'scaled'] as const) {
    const [few, many] = [await threeSteps(entries, 5), await threeSteps(entries)];
    expect(few.after.map(bitsOf)).toEqual(many.after.map(bitsOf));
  }
});

test.each([3, 4])(
  'accumulateGradient: gradients and their squares are added in place, %i at once',
  async (size) => {
    const sum = tf.variable(tf.zeros([size]));
    accumulateGradient(sum, tf.tensor1d([1, 2, 3, 4].slice(0, size)));
    accumulateGradient(sum, tf.tensor1d([1, -2, 3, 1].slice(0, size)), { square: true });
    expect([...(await sum.data())]).toEqual([2, 6, 12, 5].slice(0, size));
  },
);
