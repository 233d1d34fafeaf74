import { describe, expect, it } from 'vitest';
import { trainingGflop } from '../../../bench/flops';
import { benchNetwork } from '../../../bench/network';
import { withoutDevice } from '../../../bench/without-device';
import { productFlop, shapeClass } from '../../../src/lab/gpu/conv/shape-class';
import { tilingNamed } from '../../../src/lab/gpu/conv/tilings';
import { openDevice } from '../../../src/lab/gpu/device';
import { captureStep } from '../../../src/lab/gpu/plan';
import { productsOf, setProducts } from '../../../src/lab/gpu/products';
import { specOfConfig } from '../../../src/lab/nn/models';
import { trainingProducts } from '../../../src/lab/nn/products';
import type { ModelConfig } from '../../../src/lab/nn/spec';
import { freshWeights } from '../../../src/lab/stages/common/fresh-weights';
import { classify } from '../../../src/lab/stages/common/training';
import { memoryStore } from '../../../src/lab/store/memory';
import type { TilingPolicy } from '../../../src/lab/train/kept-tilings';
import { keepTilings, readTilings } from '../../../src/lab/train/kept-tilings';
import { openEngine } from '../../../src/lab/train/open-engine';
import { createTuning } from '../../../src/lab/train/tuning';

const resnet: ModelConfig = {
  kind: 'resnet',
  stem: 'cifar',
  block: 'basic',
  layers: [1, 1],
  widths: [4, 8],
  inChannels: 1,
  classes: 10,
};
const deep: ModelConfig = {
  ...resnet,
  stem: 'imagenet',
  block: 'bottleneck',
  layers: [1, 2],
  widths: [8, 40],
};
const vit: ModelConfig = {
  kind: 'vit',
  image: 16,
  patch: 8,
  dim: 8,
  depth: 2,
  heads: 2,
  dimHead: 4,
  mlpDim: 12,
  classes: 10,
  channels: 1,
};
const classesOf = (config: ModelConfig, batch: number) => [
  ...new Set(trainingProducts(config, batch, [16, 16]).map(({ kind, shape }) => shapeClass(kind, shape))),
];

describe('products of a training step', () => {
  it.each([
    ['resnet', resnet],
    ['deep', deep],
    ['vit', vit],
  ] as const)('%s: those that the step computes', async (_, config) => {
    const seen = new Set<string>();
    const tilings = new Proxy({}, { get: (_target, name: string) => void seen.add(name) });
    await withoutDevice(async () => {
      const device = await openDevice();
      setProducts(device.backend, { variant: 'tiled', lanes: 0, tilings });
      (await captureStep(benchNetwork(specOfConfig(config), 300, 16, 'lethe').train)).dispose();
      device.dispose();
    });
    expect([...seen].sort()).toEqual(classesOf(config, 300).sort());
  });

  it('are the work that the bench counts', () => {
    const flop = trainingProducts(deep, 3, [16, 16]).reduce((sum, { shape }) => sum + productFlop(shape), 0);
    expect(flop / 1e9).toBeCloseTo(trainingGflop(deep, 3, 16), 10);
  });
});

describe('tilings of an engine', () => {
  const products = trainingProducts(resnet, 2, [16, 16]);

  it('are the defaults on a CPU, and no one is told of any', async () => {
    const engine = await openEngine();
    await engine.tune(products);
    expect(engine.device.software).toBe(true);
    expect(engine.device.tilings).toBeUndefined();
    engine.dispose();
  });

  it('are tried where a trial is forced, kept, and told', async () => {
    const tilingStore = memoryStore();
    const engine = await openEngine({ tilings: 'trial', tilingStore });
    await engine.tune(products);
    const { tilings } = engine.device;
    expect(Object.keys(tilings!).sort()).toEqual(classesOf(resnet, 2).sort());
    expect(Object.values(tilings!).every(tilingNamed)).toBe(true);
    const { info } = (await navigator.gpu.requestAdapter())!;
    // What the trial's time was too short for is not kept.
    expect(tilings).toMatchObject((await readTilings(tilingStore, info))!.choice);
    expect(await readTilings(tilingStore, { ...info, description: 'another driver' })).toBeUndefined();
    engine.dispose();
  });

  it('are taken from what is kept, of a study’s own products alone', async () => {
    const device = await openDevice({ products: 'tiled' });
    const all = Object.fromEntries(classesOf(resnet, 2).map((name) => [name, '32x32/4x4/k16']));
    const store = memoryStore();
    await keepTilings(store, device.adapter, { choice: { ...all, 'of another study': 'x' }, wrong: {} });
    const gpu = { ...device, description: { ...device.description, software: false } };
    const tuning = createTuning(gpu, 'auto', store);
    await tuning.tune(products);
    expect(tuning.chosen()).toEqual(all);
    device.dispose();
  });

  it('of half-precision operands are found and kept beside those of float32', async () => {
    const device = await openDevice({ products: 'tiled' });
    const store = memoryStore();
    const gpu = { ...device, description: { ...device.description, software: false } };
    const tuning = createTuning(gpu, 'auto', store);
    const single = Object.fromEntries(classesOf(resnet, 2).map((name) => [name, '32x32/4x4/k16']));
    await keepTilings(store, device.adapter, { choice: single, wrong: {} });
    await tuning.tune(products, 'float16');
    const { operands } = productsOf(device.backend);
    expect(operands).toBe(device.gpu.features.has('shader-f16') ? 'f16' : 'rounded');
    const half = tuning.chosen()!;
    expect(Object.keys(half)).toEqual(Object.keys(single).map((name) => `${name} ${operands}`));
    const { choice } = (await readTilings(store, device.adapter))!;
    expect(choice).toMatchObject(single);
    expect({ ...single, ...half }).toMatchObject(choice);
    await tuning.tune(products);
    expect(tuning.chosen()).toEqual(single);
    expect(productsOf(device.backend).operands).toBe('f32');
    device.dispose();
  });

  it('that a device or a product does not allow are refused in a sentence', async () => {
    const device = await openDevice({ products: 'tiled' });
    const x1 = classesOf(resnet, 2).find((name) => name.endsWith('x1'))!;
    await expect(createTuning(device, { [x1]: '64x64/4x4/k16/v' }).tune(products)).rejects.toThrow(
      'needs numbers of channels that 4 divides',
    );
    await expect(createTuning(device, { [x1]: '64x128/8x4/k8/vs' }).tune(products)).rejects.toThrow(
      'cannot compute by the tiling',
    );
    device.dispose();
  });

  it('do not change what is computed: the same bits with the defaults, and twice with the same choice', async () => {
    const spec = specOfConfig(resnet);
    const images = Uint8Array.from({ length: 8 * 16 * 16 }, (_, i) => (i * 37) % 256);
    const split = { images, labels: Int32Array.from({ length: 8 }, (_, i) => i), count: 8 };
    const classes = Array.from({ length: 10 }, String);
    const trained = async (tilings: TilingPolicy) => {
      const engine = await openEngine({ products: 'tiled', tilings });
      await engine.useDataset({ id: 'few', classes, shape: [16, 16, 1], train: split, test: split });
      await engine.tune(trainingProducts(resnet, 4, [16, 16]));
      const model = await engine.createModel(spec);
      await model.load(freshWeights(spec, 0, 'original'));
      await model.train(
        {
          objective: classify,
          recipe: { epochs: 1, lr: 0.1, batch: 4, momentum: 0.9, weightDecay: 0, floor: 1 },
          steps: () => [0, 4].map((from) => ({ retain: Int32Array.of(from, from + 1, from + 2, from + 3) })),
        },
        { tick: async () => {} },
      );
      const weights = await model.snapshot();
      engine.dispose();
      return weights;
    };
    const choice = Object.fromEntries(classesOf(resnet, 4).map((name) => [name, '32x32/4x4/k16']));
    const usual = await trained('default');
    expect(await trained(choice)).toEqual(usual);
    expect(await trained(choice)).toEqual(usual);
  });
});
