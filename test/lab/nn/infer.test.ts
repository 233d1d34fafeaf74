import { describe, expect, test } from 'vitest';
import { inferModel, withStemOf } from '../../../src/lab/nn/infer';
import { initialise } from '../../../src/lab/nn/initialise';
import { type ModelData, specOf, specOfConfig } from '../../../src/lab/nn/models';
import type { ModelConfig } from '../../../src/lab/nn/spec';

const classes = (count: number) => Array.from({ length: count }, (_, label) => `${label}`);
const colour: ModelData = { shape: [32, 32, 3], classes: classes(10) };
const grey: ModelData = { shape: [12, 12, 1], classes: classes(3) };

describe('the network of a checkpoint', () => {
  test.each(['resnet8', 'resnet18', 'resnet50', 'vit-small'])('%s is found by its name', (id) => {
    const checkpoint = Object.fromEntries(
      // Shapes decide; millions of values would only cost time.
      [...specOf({ id }, colour).parameters, ...specOf({ id }, colour).buffers].map(({ name, shape }) => [
        name,
        { shape: [...shape], data: new Float32Array() },
      ]),
    );
    expect(inferModel(checkpoint, colour)).toMatchObject({ model: { id } });
  });

  const resnet = { kind: 'resnet', inChannels: 1, classes: 3 } as const;
  const vit = { kind: 'vit', image: 12, classes: 3, channels: 1 } as const;
  test.each<ModelConfig>([
    { ...resnet, stem: 'imagenet', block: 'bottleneck', layers: [1, 2], widths: [4, 6] },
    { ...resnet, stem: 'imagenet', block: 'bottleneck', layers: [1, 1], widths: [4, 6], stemWidth: 4 },
    { ...resnet, stem: 'cifar', block: 'basic', layers: [2], widths: [5] },
    { ...resnet, stem: 'cifar', block: 'basic', layers: [1], widths: [5], stemWidth: 3 },
    { ...vit, patch: 3, dim: 6, depth: 2, heads: 1, dimHead: 10, mlpDim: 7 },
    { ...vit, patch: 4, dim: 6, depth: 1, heads: 2, dimHead: 64, mlpDim: 7 },
  ])('a network without an id is described: %o', (config) => {
    const found = inferModel(initialise(specOfConfig(config), 0), grey);
    expect(found.model).toEqual({ config });
    expect(found.assumed).toEqual(config.kind === 'vit' ? expect.stringContaining('heads') : undefined);
  });

  test('a configuration that says nothing of its stem takes the stem of the weights, if the rest fits', () => {
    const config: ModelConfig = {
      ...resnet,
      stem: 'imagenet',
      block: 'bottleneck',
      layers: [1, 1],
      widths: [4, 6],
    };
    const narrow = { ...config, stemWidth: 4 };
    const weights = initialise(specOfConfig(narrow), 0);
    expect(weights['conv1.weight']!.shape).toEqual([4, 1, 7, 7]);
    expect(withStemOf(weights, config)).toEqual(narrow);
    expect(withStemOf(initialise(specOfConfig(config), 0), config)).toEqual(config);
    const { 'fc.bias': _, ...lacking } = weights;
    expect(withStemOf(lacking, config)).toEqual(config);
  });

  test('a checkpoint of no known network, or not for these images, is refused in a sentence', () => {
    const tensor = { shape: [1], data: new Float32Array(1) };
    expect(() => inferModel({ 'encoder.weight': tensor }, grey)).toThrow(/finds encoder.weight/);
    expect(() => inferModel({}, grey)).toThrow(/finds no tensors/);
    const { 'bn1.bias': _, ...lacking } = initialise(specOf({ id: 'resnet8' }, colour), 0);
    expect(() => inferModel(lacking, colour)).toThrow(/lacks bn1.bias/);
    const coloured = initialise(specOf({ id: 'resnet8' }, colour), 0);
    expect(() => inferModel(coloured, grey)).toThrow(/takes 3 colour channels/);
  });
});
