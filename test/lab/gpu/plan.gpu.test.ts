import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { accumulateGradient } from '../../../src/lab/gpu/accumulate';
import { conv2d } from '../../../src/lab/gpu/conv/conv2d';
import { captureStep } from '../../../src/lab/gpu/plan';
import { readTensor } from '../../../src/lab/gpu/read';
import { layOutLists, sgdStep } from '../../../src/lab/gpu/sgd';
import { writeTensor } from '../../../src/lab/gpu/write';
import { randomStream } from '../../../src/lab/rng';
import { sizeOf } from '../../../src/lab/tensors';
import { deviceForTests } from '../../support/device';

deviceForTests();

const BATCH = 6;
const STEPS = 5;
const RATES = [0.05, 0.05, 0.02, 0.02, 0.01];

const normal = (shape: number[], name: string, scale = 1) => {
  const stream = randomStream(3, name);
  return Float32Array.from({ length: sizeOf(shape) }, () => scale * stream.normal());
};

/** Two convolutions with a stride, stock operations between and behind them, and SGD in place. */
function smallNetwork() {
  const variable = (shape: number[], name: string) => tf.variable(tf.tensor(normal(shape, name, 0.3), shape));
  const filters = [variable([3, 3, 2, 8], 'first'), variable([3, 3, 8, 5], 'second')];
  const { offsets, total } = layOutLists(filters.map(({ size }) => size));
  const velocity = tf.variable(tf.zeros([total]));
  const losses = tf.variable(tf.scalar(0));
  const images = tf.tensor(normal([BATCH, 9, 9, 2], 'images/0'), [BATCH, 9, 9, 2]);
  const rates = tf.tensor1d([0, 0.9, 1e-3]);
  const step = () => {
    const { value, grads } = tf.variableGrads(() => {
      const hidden = tf.relu(conv2d(images as tf.Tensor4D, filters[0] as unknown as tf.Tensor4D, 1, 1));
      const outputs = conv2d(hidden as tf.Tensor4D, filters[1] as unknown as tf.Tensor4D, 2, 1);
      return tf.mul(tf.sum(tf.square(outputs)), 0.01) as tf.Scalar;
    }, filters);
    const updates = filters.map((parameter, i) => ({
      parameter,
      gradient: grads[parameter.name]!,
      offset: offsets[i]!,
    }));
    sgdStep(updates, { velocity, rates });
    accumulateGradient(losses, value);
    return [value];
  };
  return {
    step,
    prepare(index: number) {
      writeTensor(images, normal([BATCH, 9, 9, 2], `images/${index}`));
      writeTensor(rates, Float32Array.of(RATES[index]!, 0.9, 1e-3));
    },
    state: () => Promise.all([...filters, velocity, losses].map((tensor) => readTensor(tensor))),
    dispose: () => tf.dispose([...filters, velocity, losses, images, rates]),
  };
}

describe('captureStep', () => {
  it('replays a training step with the bits of the tape', async () => {
    const tape = smallNetwork();
    for (let i = 0; i < STEPS; i++) {
      tape.prepare(i);
      tf.tidy(tape.step);
    }
    const replayed = smallNetwork();
    const plan = await captureStep(replayed.step);
    const losses: number[] = [];
    for (let i = 0; i < STEPS; i++) {
      replayed.prepare(i);
      plan.replay();
      losses.push((await readTensor(plan.outputs[0]!))[0]!);
      // Work between the steps must not touch the plan's buffers.
      tf.tidy(() => tf.conv2d(tf.ones<tf.Rank.R4>([BATCH, 9, 9, 2]), tf.ones([3, 3, 2, 8]), 1, 'same'));
    }
    const expected = await tape.state();
    expect(expected[0]!.every((value) => Number.isFinite(value))).toBe(true);
    expect(await replayed.state()).toEqual(expected);
    expect(new Set(losses).size).toBe(STEPS);
    expect(plan.kernels.length).toBeLessThanOrEqual(19);
    plan.dispose();
    for (const network of [tape, replayed]) network.dispose();
  });

  it('changes nothing before the first replay and leaves no tensor behind', async () => {
    const network = smallNetwork();
    const before = await network.state();
    const counts = () => [tf.memory().numTensors, tf.memory().numDataBuffers];
    const tensors = counts();
    const plan = await captureStep(network.step);
    expect(await network.state()).toEqual(before);
    plan.dispose();
    expect(counts()).toEqual(tensors);
    expect(() => plan.replay()).toThrow('disposed');
    tf.tidy(network.step);
    expect(await network.state()).not.toEqual(before);
    network.dispose();
  });

  it('says how many bytes its dispatches read and write', async () => {
    const [sum, term] = [tf.variable(tf.zeros([8])), tf.ones([8])];
    const plan = await captureStep(() => {
      accumulateGradient(sum, term);
      return [tf.add(sum, term)];
    });
    expect(plan.movedBytes).toBe(4 * 8 * (2 + 3));
    plan.dispose();
  });

  it('bakes small numbers of the code into the plan as constants', async () => {
    const x = tf.tensor1d([1, 2, 3]);
    const plan = await captureStep(() => [tf.add(tf.mul(tf.reshape(x, [3]), tf.tensor1d([2, 3, 4])), 0.5)]);
    for (const values of [
      [1, 2, 3],
      [4, 5, 6],
    ]) {
      writeTensor(x, Float32Array.from(values));
      plan.replay();
      expect([...(await plan.outputs[0]!.data())]).toEqual(values.map((value, i) => value * (i + 2) + 0.5));
    }
    plan.dispose();
  });

  let outside: tf.Variable;
  it.each<[string, string, () => tf.Tensor[]]>([
    ['uploads', 'uploads more than', () => [tf.sum(tf.tensor1d(new Float32Array(5000)))]],
    [
      'reads',
      'reads values back',
      () => {
        void tf.add(outside, 1).dataSync();
        return [];
      },
    ],
    [
      'variables that are replaced',
      'replaces or disposes',
      () => {
        outside.assign(tf.add(outside, 1));
        return [];
      },
    ],
    [
      'tensors that are kept',
      'keeps tensors',
      () => {
        tf.keep(tf.add(outside, 1));
        return [];
      },
    ],
    [
      'writes from the host',
      'host side',
      () => {
        writeTensor(outside, Float32Array.of(7));
        return [];
      },
    ],
  ])('refuses a step with %s, and the tape still works afterwards', async (_, message, step) => {
    outside = tf.variable(tf.tensor1d([1]));
    await expect(captureStep(step)).rejects.toThrow(message);
    expect([...(await tf.add(outside, 1).data())]).toEqual([2]);
  });
});
