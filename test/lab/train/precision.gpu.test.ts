import { afterAll, beforeAll, expect, test } from 'vitest';
import { initialise } from '../../../src/lab/nn/initialise';
import { specOfConfig } from '../../../src/lab/nn/models';
import type { ModelConfig } from '../../../src/lab/nn/spec';
import type { Engine } from '../../../src/lab/train/engine';
import { openEngine } from '../../../src/lab/train/open-engine';
import { deviation } from '../../support/golden';
import { noiseData } from '../../support/noise-data';

const COUNT = 64;
const dataset = noiseData(COUNT, [16, 16, 1]);
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
