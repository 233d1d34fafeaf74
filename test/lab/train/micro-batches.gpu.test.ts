import { afterAll, beforeAll, expect, test } from 'vitest';
import { initialise } from '../../../src/lab/nn/initialise';
import { specOfConfig } from '../../../src/lab/nn/models';
import type { ModelSpec } from '../../../src/lab/nn/spec';
import { randomStream } from '../../../src/lab/rng';
import type { ParameterTensors } from '../../../src/lab/tensors';
import { epochBatches } from '../../../src/lab/train/batches';
import type { Engine } from '../../../src/lab/train/engine';
import { openEngine } from '../../../src/lab/train/open-engine';
import type { TrainRequest } from '../../../src/lab/train/trainer';
import { deviation } from '../../support/golden';
import { neverPaused } from '../../support/golden-study';
import { noiseData } from '../../support/noise-data';

const COUNT = 30;
const dataset = noiseData(COUNT, [8, 8, 1]);
const vit = specOfConfig({
  kind: 'vit',
  image: 8,
  patch: 4,
  dim: 8,
  depth: 1,
  heads: 2,
  dimHead: 4,
  mlpDim: 16,
  classes: 3,
  channels: 1,
});
const resnet = specOfConfig({
  kind: 'resnet',
  stem: 'cifar',
  block: 'basic',
  layers: [1],
  widths: [4],
  inChannels: 1,
  classes: 3,
});

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
  await engine.useDataset(dataset);
});
afterAll(() => engine.dispose());

const all = Int32Array.from({ length: COUNT }, (_, index) => index);
const request = (microBatch?: number): TrainRequest => ({
  objective: ({ retain }, { logits, crossEntropy }) => crossEntropy(logits(retain!), retain!.labels),
  recipe: { epochs: 3, lr: 0.05, batch: 12, momentum: 0.9, weightDecay: 0, floor: 0.01 },
  // The last batch is partial: 12, 12 and 6 images.
  steps: (epoch) =>
    epochBatches(
      { retain: all, forget: new Int32Array(), random: (...path) => randomStream(0, ...path) },
      epoch,
      {
        over: 'retain',
        batch: 12,
        dropLast: false,
      },
    ),
  microBatch,
});

async function trained(spec: ModelSpec, microBatch?: number) {
  const model = await engine.createModel(spec);
  await model.load(initialise(spec, 0));
  const { losses } = await model.train(request(microBatch), neverPaused);
  const weights = await model.snapshot();
  model.dispose();
  return { losses, weights };
}

test('micro-batches: without BatchNorm a split batch trains like a whole one', async () => {
  const whole = await trained(vit);
  for (const microBatch of [4, 5]) {
    const { losses, weights } = await trained(vit, microBatch);
    expect(losses).toHaveLength(whole.losses.length);
    expect(deviation({ all: { data: losses } }, { all: { data: whole.losses } }).tensor).toBeLessThan(1e-5);
    expect(deviation(weights, whole.weights).overall).toBeLessThan(1e-5);
  }
});

test('micro-batches: with BatchNorm the pieces have statistics of their own, and the same bits every time', async () => {
  const split = await trained(resnet, 4);
  expect(await trained(resnet, 4)).toEqual(split);
  expect(deviation(split.weights, (await trained(resnet)).weights).overall).toBeGreaterThan(1e-3);
});

test('micro-batches: scores do not depend on the split, since they are taken in eval mode', async () => {
  const model = await engine.createModel(resnet);
  await model.load(initialise(resnet, 0));
  const batches = [all.subarray(0, 12), all.subarray(12, 24)];
  for (const square of [false, true]) {
    const whole = await model.gradient(batches, neverPaused, { square });
    const split: ParameterTensors = await model.gradient(batches, neverPaused, { square, microBatch: 5 });
    expect(deviation(split, whole).overall).toBeLessThan(1e-5);
  }
  model.dispose();
});
