import { describe, expect, test } from 'vitest';
import { models, specOf, specOfConfig } from '../../../src/lab/nn/models';
import type { ResNetConfig } from '../../../src/lab/nn/spec';
import { LetheError } from '../../../src/lab/settings';
import { readGolden, tensorsUnder } from '../../support/golden';

const classes = (count: number) => Array.from({ length: count }, (_, index) => `class ${index}`);

describe('parameter counts (METHOD section 3, DEMO)', () => {
  test.each([
    ['resnet8', [28, 28, 1], 10, 77_754],
    ['resnet18', [32, 32, 3], 10, 11_173_962],
    ['resnet50', [128, 128, 3], 100, 23_712_932],
    ['vit-small', [32, 32, 3], 10, 11_013_518],
  ] as const)('%s', (id, shape, count, size) => {
    expect(specOf({ id }, { shape, classes: classes(count) }).size).toBe(size);
  });
});

test.each(['localize-resnet', 'localize-vit'])(
  'names, shapes, order, layers and buffers as in %s',
  (name) => {
    const golden = readGolden(name);
    const spec = specOfConfig(golden.spec.model);
    expect(spec.parameters.map(({ name, shape }) => ({ name, shape }))).toEqual(golden.spec.tensors);
    expect(spec.layers.map(({ parameters }) => parameters)).toEqual(golden.spec.layersInForwardOrder);
    expect(spec.size).toBe(golden.spec.parameters);
    const buffers = Object.entries(tensorsUnder(golden.inputs, 'buffer')).map(([name, { shape }]) => ({
      name,
      shape,
    }));
    expect(spec.buffers.map(({ name, shape }) => ({ name, shape }))).toEqual(buffers);
  },
);

test('resnet50: has the names, shortcuts and strides of torchvision', () => {
  const spec = specOf({ id: 'resnet50' }, { shape: [128, 128, 3], classes: classes(100) });
  const shapes = Object.fromEntries(spec.parameters.map(({ name, shape }) => [name, shape]));
  expect(shapes['conv1.weight']).toEqual([64, 3, 7, 7]);
  expect(shapes['layer1.0.downsample.0.weight']).toEqual([256, 64, 1, 1]);
  expect(shapes['layer4.2.conv3.weight']).toEqual([2048, 512, 1, 1]);
  expect(shapes['layer1.1.downsample.0.weight']).toBeUndefined();
  expect(spec.head).toEqual(['fc.weight', 'fc.bias']);
});

test('specOf: refuses what does not fit in one sentence', () => {
  const data = { shape: [28, 28, 1], classes: classes(10) } as const;
  expect(() => specOf({ id: 'resnet9' }, data)).toThrow(LetheError);
  expect(() => specOf({ id: 'vit-small' }, data)).toThrow(/multiple of 8/);
  const config = models.get('resnet8').configure({ shape: [32, 32, 3], classes: classes(10) });
  expect(() => specOf({ config }, data)).toThrow(/3 colour channels, but the images have 1/);
  expect(() => specOf({ config: { ...config, classes: 5, inChannels: 1 } as typeof config }, data)).toThrow(
    /5 outputs/,
  );
  expect(() => specOf({ config: { ...config, widths: [16] } as typeof config }, data)).toThrow(/widths/);
  const grey = { ...config, inChannels: 1 } as ResNetConfig;
  const sized = (change: Partial<ResNetConfig>) => () => specOf({ config: { ...grey, ...change } }, data);
  expect(sized({ layers: [1e9, 1, 1] })).toThrow(/^This network configuration is not usable: layers.0: /);
  expect(sized({ widths: [16, 32, 65_536] })).toThrow(
    /^The network would have 38,[\d,]+ parameters; at most 1,073,741,824/,
  );
});
