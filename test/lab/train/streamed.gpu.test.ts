import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import type { Dataset } from '../../../src/lab/data/dataset';
import { readStored } from '../../../src/lab/data/read-stored';
import { initialise } from '../../../src/lab/nn/initialise';
import { specOfConfig } from '../../../src/lab/nn/models';
import { randomStream } from '../../../src/lab/rng';
import { memoryStore } from '../../../src/lab/store/memory';
import { type BatchSource, epochBatches } from '../../../src/lab/train/batches';
import type { TrainState } from '../../../src/lab/train/engine';
import { openEngine } from '../../../src/lab/train/open-engine';
import type { TrainRequest } from '../../../src/lab/train/trainer';
import { neverPaused } from '../../support/golden-study';
import { keepShards } from '../../support/stored-set';

const COUNT = 40;
const spec = specOfConfig({
  kind: 'resnet',
  stem: 'cifar',
  block: 'basic',
  layers: [1],
  widths: [4],
  inChannels: 3,
  classes: 3,
});
const source: BatchSource = {
  retain: Int32Array.from({ length: COUNT - 10 }, (_, index) => index + 10),
  forget: Int32Array.from({ length: 10 }, (_, index) => index),
  random: (...path) => randomStream(0, ...path),
};

/** A set of four shards: in memory, or with room for the test images alone. */
async function noise(memory: number): Promise<Dataset & { reads: number }> {
  const store = memoryStore();
  const manifest = await keepShards(store, { train: [13, 1, 20, 6], test: [9] });
  const data = await readStored(store, 'set', manifest, { train: COUNT, test: 9 }, 'set', { memory });
  const counted = {
    ...data,
    reads: 0,
    augment: { size: 8, crop: { scale: [0.3, 1], ratio: [0.75, 4 / 3] }, flip: true } as const,
  };
  const { images } = data.train;
  if (!(images instanceof Uint8Array))
    counted.train = {
      ...data.train,
      images: {
        read(indices) {
          counted.reads++;
          return images.read(indices);
        },
      },
    };
  return counted;
}

const request = (changes: Partial<TrainRequest> = {}): TrainRequest => ({
  objective: ({ retain, forget }, { logits, crossEntropy, distillation, tf: ops }) =>
    ops.sub(
      ops.add(
        crossEntropy(logits(retain!), retain!.labels),
        distillation(logits(retain!), retain!.teacher!, 2),
      ),
      ops.mul(crossEntropy(logits(forget!), forget!.labels), 0.05),
    ),
  recipe: { epochs: 2, lr: 0.05, batch: 8, momentum: 0.9, weightDecay: 1e-3, floor: 1 },
  steps: (epoch) =>
    epochBatches(source, epoch, { over: 'retain', cycle: 'forget', batch: 8, dropLast: true }),
  augment: randomStream(0, 'augment'),
  teacher: { outputs: Float32Array.from({ length: 3 * COUNT }, (_, i) => Math.sin(i)) },
  labels: Int32Array.from({ length: COUNT }, (_, i) => i % 3),
  ...changes,
});

/** Everything that the engine gives, on one device. */
async function everything(memory: number, options: { capture: boolean; resume?: TrainState }) {
  const engine = await openEngine({ capture: options.capture });
  const data = await noise(memory);
  await engine.useDataset(data);
  const model = await engine.createModel(spec);
  await model.load(initialise(spec, 0));
  const states: TrainState[] = [];
  const onState = async (_: unknown, read: () => Promise<TrainState>) => {
    states.push(await read());
  };
  const { losses } = await model.train(request(), neverPaused, { resume: options.resume, onState });
  const trained = await model.snapshot();
  await model.train(request({ microBatch: 3, recipe: { ...request().recipe, epochs: 1 } }), neverPaused);
  const pieces = await model.snapshot();
  const sparse = Int32Array.of(30, 2, 2, 13, 39);
  const examples: unknown[] = [];
  await model.exampleGradients(sparse, ['fc.weight'], (at, gradient) => examples.push([at, gradient]));
  const results = {
    trained,
    losses,
    pieces,
    train: await model.outputs('train', sparse),
    test: await model.outputs('test', Int32Array.of(8, 0)),
    gradient: await model.gradient([sparse, sparse.subarray(0, 2)], undefined, { microBatch: 2 }),
    examples,
  };
  const tensors = tf.memory().numTensors;
  await model.outputs(
    'train',
    sparse.map((i) => 39 - i),
  );
  await model.train(request(), neverPaused);
  expect(tf.memory().numTensors).toBe(tensors);
  engine.dispose();
  return { results, state: states[0]!, reads: data.reads };
}

test('streamed set: gives the bits of a set that lies on the device', async () => {
  const resident = await everything(1e6, { capture: true });
  const streamed = await everything(4000, { capture: true });
  expect(resident.reads).toBe(0);
  expect(streamed.reads).toBeGreaterThan(0);
  expect(streamed.results).toEqual(resident.results);
  const onTape = await everything(4000, { capture: false, resume: streamed.state });
  expect(onTape.results).toEqual(resident.results);
});

test('streamed set: at most two steps are in memory, and one is read while another runs', async () => {
  const engine = await openEngine();
  const data = await noise(4000);
  await engine.useDataset(data);
  const model = await engine.createModel(spec);
  await model.load(initialise(spec, 0));
  const ahead: number[] = [];
  await model.train(request(), {
    async tick({ done }) {
      // Each step has batches of two streams.
      ahead.push(data.reads / 2 - done);
    },
  });
  expect(new Set(ahead)).toEqual(new Set([0, 1]));
  // At the end of an epoch nothing is read ahead: the next epoch's batches are not known yet.
  expect(ahead.filter((steps) => steps === 0)).toHaveLength(2);
  engine.dispose();
});
