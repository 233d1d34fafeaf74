import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Dataset, Split } from '../../../src/lab/data/dataset';
import { initialise } from '../../../src/lab/nn/initialise';
import { specOfConfig } from '../../../src/lab/nn/models';
import type { ModelConfig } from '../../../src/lab/nn/spec';
import { randomStream } from '../../../src/lab/rng';
import type { Engine } from '../../../src/lab/train/engine';
import { openEngine } from '../../../src/lab/train/open-engine';
import { deviation } from '../../support/golden';

const COUNT = 64;
const noise = (seed: number): Split => {
  const stream = randomStream(seed, 'images');
  return {
    images: Uint8Array.from({ length: COUNT * 256 }, () => stream.below(256)),
    labels: Int32Array.from({ length: COUNT }, () => stream.below(3)),
    count: COUNT,
  };
};
const dataset: Dataset = {
  id: 'noise',
  classes: ['a', 'b', 'c'],
  shape: [16, 16, 1],
  train: noise(1),
  test: noise(2),
};
const everything = Int32Array.from({ length: COUNT }, (_, index) => index);

const networks: [string, ModelConfig][] = [
  [
    'resnet',
    {
      kind: 'resnet',
      stem: 'cifar',
      block: 'basic',
      layers: [1, 1],
      widths: [8, 12],
      inChannels: 1,
      classes: 3,
    },
  ],
  [
    'vit',
    {
      kind: 'vit',
      image: 16,
      patch: 4,
      dim: 16,
      depth: 2,
      heads: 2,
      dimHead: 8,
      mlpDim: 32,
      classes: 3,
      channels: 1,
    },
  ],
];

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
  await engine.useDataset(dataset);
});
afterAll(() => engine.dispose());

test.each(networks)(
  '%s: gradients in half precision are those of float32 to three digits',
  async (_, config) => {
    const spec = specOfConfig(config);
    const weights = initialise(spec, 3);
    const gradient = async (precision?: 'float16') => {
      await engine.tune([], precision);
      const model = await engine.createModel(spec);
      await model.load(weights);
      const sums = await model.gradient([everything.subarray(0, 40), everything.subarray(40)]);
      model.dispose();
      return sums;
    };
    const [single, half, again] = [await gradient(), await gradient('float16'), await gradient()];
    const off = deviation(half, single);
    expect(off.overall).toBeLessThan(5e-3);
    expect(off.overall).toBeGreaterThan(1e-5);
    expect(again).toEqual(single);
  },
);
