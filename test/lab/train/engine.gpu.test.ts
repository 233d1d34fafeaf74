import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { initialise } from '../../../src/lab/nn/initialise';
import { specOfConfig } from '../../../src/lab/nn/models';
import { randomStream } from '../../../src/lab/rng';
import { LetheError } from '../../../src/lab/settings';
import type { Mask } from '../../../src/lab/tensors';
import { type BatchSource, epochBatches } from '../../../src/lab/train/batches';
import type { Control, Engine, LiveModel, TrainState } from '../../../src/lab/train/engine';
import { openEngine } from '../../../src/lab/train/open-engine';
import type { Objective, TrainRequest } from '../../../src/lab/train/trainer';
import { neverPaused } from '../../support/golden-study';
import { noiseData } from '../../support/noise-data';

const COUNT = 50;
const spec = specOfConfig({
  kind: 'resnet',
  stem: 'cifar',
  block: 'basic',
  layers: [1, 1],
  widths: [4, 6],
  inChannels: 1,
  classes: 3,
});

const dataset = noiseData(COUNT, [9, 9, 1]);
const everything = Int32Array.from({ length: COUNT }, (_, index) => index);
const source: BatchSource = {
  retain: everything.subarray(10),
  forget: everything.subarray(0, 10),
  random: (...path) => randomStream(0, ...path),
};

function request(changes: Partial<TrainRequest> = {}, epochs = 3): TrainRequest {
  return {
    objective: ({ retain, forget }, { logits, crossEntropy, tf }) =>
      tf.sub(
        crossEntropy(logits(retain!), retain!.labels),
        tf.mul(crossEntropy(logits(forget!), forget!.labels), 0.05),
      ),
    recipe: { epochs, lr: 0.1, batch: 16, momentum: 0.9, weightDecay: 1e-3, floor: 0.01 },
    steps: (epoch) =>
      epochBatches(source, epoch, { over: 'retain', cycle: 'forget', batch: 16, dropLast: true }),
    ...changes,
  };
}

/** Calls of `captureStep`: their plans, and those that were refused and ran on the tape. */
const captured = vi.hoisted(() => ({ plans: 0, refused: [] as unknown[] }));
vi.mock('../../../src/lab/gpu/plan', async (original) => {
  const { captureStep, ...rest } = await original<typeof import('../../../src/lab/gpu/plan')>();
  return {
    ...rest,
    captureStep: (...args: Parameters<typeof captureStep>) =>
      captureStep(...args).then(
        (plan) => {
          captured.plans++;
          return plan;
        },
        (cause) => {
          captured.refused.push(cause);
          throw cause;
        },
      ),
  };
});

let engine: Engine;
let model: LiveModel;
beforeAll(async () => {
  engine = await openEngine();
  await engine.useDataset(dataset);
  model = await engine.createModel(spec);
});
afterAll(() => engine.dispose());

async function fresh(seed = 0): Promise<LiveModel> {
  await model.load(initialise(spec, seed));
  return model;
}

test('engine: the same training twice gives the same bits', async () => {
  const once = await (await fresh()).train(request(), neverPaused);
  const weights = await model.snapshot();
  const again = await (await fresh()).train(request(), neverPaused);
  expect(again).toEqual(once);
  expect(await model.snapshot()).toEqual(weights);
  expect(once.losses).toHaveLength(6);
  expect(once.examples).toBe(6 * (16 + 10));
});

test('resume: after any step, training ends with the same bits and the same report', async () => {
  const states: TrainState[] = [];
  const report = await (await fresh()).train(request(), neverPaused, {
    onState: async (_, read) => {
      states.push(await read());
    },
  });
  const weights = await model.snapshot();
  const places = states.map(({ epoch, step }) => `${epoch}:${step}`);
  // After every step, and once more when an epoch has been reported.
  const each = [0, 1, 2].flatMap((epoch) => [`${epoch}:1`, `${epoch}:2`, `${epoch + 1}:0`]);
  expect(places).toEqual(each);
  for (const resume of states) {
    const other = await engine.createModel(spec);
    const epochs: number[] = [];
    const onEpoch = async ({ epoch }: { epoch: number }) => {
      epochs.push(epoch);
    };
    expect(await other.train(request({ onEpoch }), neverPaused, { resume })).toEqual(report);
    expect(await other.snapshot()).toEqual(weights);
    expect(epochs).toEqual([1, 2, 3].slice(resume.epoch));
    other.dispose();
  }
});

test('optimizer: entries that the mask freezes keep their bits, in spite of weight decay and momentum', async () => {
  const start = initialise(spec, 0);
  const stream = randomStream(7, 'mask');
  const trainable: Mask = {};
  for (const { name } of spec.parameters)
    trainable[name] = Uint8Array.from(start[name]!.data, () =>
      name === 'conv1.weight' ? 0 : stream.below(2),
    );
  await (await fresh()).train(request({ trainable }), neverPaused);
  const end = await model.snapshot();
  let moved = 0;
  for (const { name } of spec.parameters)
    start[name]!.data.forEach((value, index) => {
      if (!trainable[name]![index]) expect(end[name]!.data[index]).toBe(value);
      else if (end[name]!.data[index] !== value) moved++;
    });
  expect(moved).toBeGreaterThan(spec.size / 4);
  expect(end['bn1.running_mean']).not.toEqual(start['bn1.running_mean']);
});

test('optimizer: with everything frozen only the running statistics move', async () => {
  const trainable = Object.fromEntries(
    spec.parameters.map(({ name }) => [name, new Uint8Array(initialise(spec, 0)[name]!.data.length)]),
  );
  await (await fresh()).train(request({ trainable }, 1), neverPaused);
  const end = await model.snapshot();
  const start = initialise(spec, 0);
  for (const { name } of spec.parameters) expect(end[name]).toEqual(start[name]);
  for (const { name } of spec.buffers) expect(end[name]).not.toEqual(start[name]);
});

test('train: for no epochs leaves the weights bit for bit', async () => {
  const report = await (await fresh(4)).train(request({}, 0), neverPaused);
  expect(report).toEqual({ losses: [], rates: [], examples: 0 });
  expect(await model.snapshot()).toEqual(initialise(spec, 4));
});

test('train: replaced labels reach the loss', async () => {
  const plain = await (await fresh()).train(request({}, 1), neverPaused);
  const labels = dataset.train.labels.map((label) => (label + 1) % 3);
  const wrong = await (await fresh()).train(request({ labels }, 1), neverPaused);
  expect(wrong.losses[0]).not.toBeCloseTo(plain.losses[0]!, 3);
});

test('train: numbers that change per epoch reach the objective', async () => {
  const report = await (await fresh()).train(
    request({
      objective: (_, { tf, parameters }, scalars) =>
        tf.add(tf.mul(tf.sum(parameters['fc.bias']!), 0), scalars.gamma!),
      scalars: (epoch) => ({ gamma: 10 + epoch }),
    }),
    neverPaused,
  );
  expect(report.losses).toEqual([10, 10, 11, 11, 12, 12]);
});

test('outputs: logits come in the order asked for, whatever the batch they were computed in', async () => {
  await fresh();
  const all = await model.outputs(
    'test',
    Int32Array.from({ length: 300 }, (_, index) => index % COUNT),
  );
  const few = await model.outputs('test', Int32Array.of(44, 3));
  expect([...few]).toEqual([...all.slice(44 * 3, 45 * 3), ...all.slice(9, 12)]);
  expect([...all.slice(0, 3)]).toEqual([...all.slice(50 * 3, 51 * 3)]);
});

test('outputs: the same samples are captured once, whatever is trained in between, until the data set changes', async () => {
  await fresh();
  const samples = [everything.subarray(0, 30), everything.subarray(20)];
  const logits = async () => [
    await model.outputs('train', samples[0]!),
    await model.outputs('train', samples[1]!),
    await model.outputs('test', samples[0]!),
  ];
  const before = await logits();
  captured.plans = 0;
  await model.train(request({}, 1), neverPaused);
  const after = await logits();
  expect(captured.plans).toBe(1);
  expect(after[0]).not.toEqual(before[0]);
  const tensors = tf.memory().numTensors;
  const other = await engine.createModel(spec);
  await other.load(await model.snapshot());
  expect(await other.outputs('test', samples[0]!)).toEqual(after[2]);
  other.dispose();
  expect(tf.memory().numTensors).toBe(tensors);

  await engine.useDataset({ ...dataset, train: dataset.test, test: dataset.train });
  expect(await model.outputs('train', samples[0]!)).toEqual(after[2]);
  await engine.useDataset(dataset);
  expect(await model.outputs('train', samples[0]!)).toEqual(after[0]);
});

test('engine: steps, evaluation and scores leave no tensor behind', async () => {
  await fresh();
  const used = async (epochs: number) => {
    await model.train(request({}, epochs), neverPaused);
    await model.outputs('train', everything);
    await model.gradient([everything.subarray(0, 16)]);
    return tf.memory().numTensors;
  };
  const before = await used(1);
  expect(await used(4)).toBe(before);
});

test('train: a loss that is no number stops the training and names the step', async () => {
  const explode = request({ schedule: () => 1e30 }, 2);
  await fresh();
  await expect(model.train(explode, neverPaused)).rejects.toThrow(LetheError);
  await fresh();
  await expect(model.train(explode, neverPaused)).rejects.toThrow(
    /^The loss is no longer a number at step \d of epoch \d \(learning rate 1e\+30\)/,
  );
});

test('train: cancelling at a step rejects with the reason and leaves the engine usable', async () => {
  let ticks = 0;
  const control: Control = {
    tick: async () => {
      if (++ticks === 2) throw new DOMException('cancelled', 'AbortError');
    },
  };
  await fresh();
  await expect(model.train(request(), control)).rejects.toThrow('cancelled');
  expect(ticks).toBe(2);
  await (await fresh()).train(request({}, 1), neverPaused);
});

test('train: images that do not exist, misfitting masks and labels are refused', async () => {
  await expect(model.outputs('train', Int32Array.of(COUNT))).rejects.toThrow(`There is no image ${COUNT}`);
  await expect(
    model.train(request({ trainable: { 'fc.bias': new Uint8Array(2) } }), neverPaused),
  ).rejects.toThrow('The mask of fc.bias has 2 entries instead of 3.');
});

test('runner: replayed steps and steps on the tape give the same bits', async () => {
  Object.assign(captured, { plans: 0, refused: [] });
  const replayed = await (await fresh()).train(request(), neverPaused);
  const weights = await model.snapshot();
  const gradient = await model.gradient([everything.subarray(0, 16), everything.subarray(16, 32)]);
  const logits = await model.outputs('test', everything);
  expect(captured).toEqual({ plans: 3, refused: [] });
  engine.dispose();
  engine = await openEngine({ capture: false });
  await engine.useDataset(dataset);
  model = await engine.createModel(spec);
  expect(await (await fresh()).train(request(), neverPaused)).toEqual(replayed);
  expect(await model.snapshot()).toEqual(weights);
  expect(await model.gradient([everything.subarray(0, 16), everything.subarray(16, 32)])).toEqual(gradient);
  expect(await model.outputs('test', everything)).toEqual(logits);
});

test('runner: a step that cannot be captured runs on the tape, and the report says why', async () => {
  const uploading: Objective = ({ retain }, { tf: ops, logits, crossEntropy }) =>
    ops.add(
      crossEntropy(logits(retain!), retain!.labels),
      ops.sum(ops.tensor1d(new Float32Array(5000))),
    ) as tf.Scalar;
  engine.dispose();
  engine = await openEngine();
  await engine.useDataset(dataset);
  model = await engine.createModel(spec);
  const report = await (await fresh()).train(request({ objective: uploading }), neverPaused);
  expect(report.slow).toMatch(/^The step cannot be captured: it uploads/);
  expect(report.losses.every((loss) => Number.isFinite(loss))).toBe(true);
});

test('engine: a lost device ends a training with a message instead of a hang', async () => {
  await fresh();
  const lost: Control = {
    tick: async ({ done }) => {
      if (done === 2) (tf.backend() as WebGPUBackend).device.destroy();
    },
  };
  await expect(model.train(request({}, 20), lost)).rejects.toThrow(/^The graphics device was lost: /);
  await expect(engine.lost).resolves.toEqual(expect.any(String));
  await expect(model.outputs('train', everything)).rejects.toThrow(/^The graphics device was lost: /);
});
