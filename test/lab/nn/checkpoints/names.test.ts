import { expect, test } from 'vitest';
import { readWeights } from '../../../../src/lab/nn/checkpoint';
import { findNetwork } from '../../../../src/lab/nn/checkpoints/names';
import { withKernelOf } from '../../../../src/lab/nn/infer';
import { initialise } from '../../../../src/lab/nn/initialise';
import { specOf, specOfConfig } from '../../../../src/lab/nn/models';
import { encodeSafetensors, type StoredTensor } from '../../../../src/lab/nn/safetensors';
import type { ResNetConfig } from '../../../../src/lab/nn/spec';

const config: ResNetConfig = {
  ...{ kind: 'resnet', stem: 'cifar', block: 'bottleneck', layers: [1, 2], widths: [4, 8] },
  ...{ inChannels: 3, classes: 3 },
};
const spec = specOfConfig(config);
const weights = initialise(spec, 5);
const names = Object.keys(weights);

/** The network under other names. */
const renamed = (rename: (name: string) => string): Record<string, StoredTensor> =>
  Object.fromEntries(names.map((name) => [rename(name), weights[name]!]));
const read = async (tensors: Record<string, StoredTensor>, metadata?: Record<string, string>) =>
  readWeights(encodeSafetensors(tensors, metadata));

test.each([
  'module.',
  '_orig_mod.',
  'model.',
  'resnet18.',
  '1.',
  'state_dict.',
  'module._orig_mod.model.encoder.',
  'net._fsdp_wrapped_module.',
  'state_dict.model.module.',
  'a.b.c.d.',
])('findNetwork: whatever stands before the names is found: %s', async (prefix) => {
  const { checkpoint } = await read(renamed((name) => prefix + name));
  expect(checkpoint).toEqual(weights);
});

test('findNetwork: compilers’ and shards’ names within the network are taken out', async () => {
  const { checkpoint } = await read(renamed((name) => name.replace(/^layer1\./, 'layer1._orig_mod.')));
  expect(checkpoint).toEqual(weights);
});

test('findNetwork: what lies beside the network is left out and said, what lies within it is kept', async () => {
  const extra = { shape: [1], data: Float32Array.of(2) };
  const averaged = await read({ n_averaged: extra, ...renamed((name) => `module.${name}`) });
  expect(averaged.report).toMatchObject({ prefix: 'module.', leftOut: ['n_averaged'] });
  expect(averaged.checkpoint).toEqual(weights);
  const beside = await read({ ...renamed((name) => name), 'criterion.weight': extra });
  expect(beside.report.leftOut).toEqual(['criterion.weight']);
  const within = await read({ ...renamed((name) => name), 'layer1.0.se.weight': extra });
  expect(Object.keys(within.checkpoint)).toContain('layer1.0.se.weight');
});

test('findNetwork: of several networks the usual place is meant, or the file is refused', async () => {
  const other = Object.fromEntries(names.map((name) => [`ema_model.${name}`, weights[name]!]));
  const { report } = await read({ ...other, ...renamed((name) => `state_dict.${name}`) });
  expect(report).toMatchObject({ prefix: 'state_dict.', others: ['ema_model.'] });
  const twins = names.flatMap((name) => [
    [`left.${name}`, 0],
    [`right.${name}`, 0],
  ]) as [string, number][];
  expect(() => findNetwork(twins)).toThrow('several networks (left, right)');
});

test('findNetwork: kuangliu’s and weiaicunzai’s names of bottlenecks become ours', async () => {
  const kuangliu = renamed((name) => name.replace('downsample', 'shortcut').replace(/^fc\./, 'linear.'));
  expect((await read(kuangliu)).checkpoint).toEqual(weights);
  const place: Record<string, number> = { conv1: 0, bn1: 1, conv2: 3, bn2: 4, conv3: 6, bn3: 7 };
  const weiaicunzai = renamed((name) =>
    name
      .replace(/^conv1\./, 'conv1.0.')
      .replace(/^bn1\./, 'conv1.1.')
      .replace(
        /^layer(\d)\.(\d+)\.downsample\./,
        (_, stage, block) => `conv${Number(stage) + 1}_x.${block}.shortcut.`,
      )
      .replace(
        /^layer(\d)\.(\d+)\.(\w+)\./,
        (_, stage, block, part) => `conv${Number(stage) + 1}_x.${block}.residual_function.${place[part]}.`,
      ),
  );
  const { checkpoint, report } = await read(weiaicunzai);
  expect(checkpoint).toEqual(weights);
  expect(report.renamed.length).toBeGreaterThan(20);
});

test.each(['linear', 'classifier', 'head', 'fc.1', 'last_linear'])(
  'readWeights: the head may be called %s',
  async (head) => {
    const { checkpoint } = await read(renamed((name) => name.replace(/^fc\./, `${head}.`)));
    expect(Object.keys(checkpoint).sort()).toEqual([...names].sort());
    expect(checkpoint['fc.weight']).toEqual(weights['fc.weight']);
  },
);

test('readWeights: pruned weights are multiplied by their masks, also under a prefix', async () => {
  const conv = weights['conv1.weight']!;
  const mask = { shape: conv.shape, data: Uint8Array.from(conv.data, (_, i) => i % 2) };
  const { 'conv1.weight': _, ...rest } = weights;
  const pruned = { ...rest, 'conv1.weight_orig': conv, 'conv1.weight_mask': mask };
  const wrapped = Object.entries(pruned).map(([name, tensor]) => [`module.${name}`, tensor]);
  const { checkpoint, report } = await read(Object.fromEntries(wrapped));
  expect(report.composed).toEqual([['conv1.weight', 'multiplied by their pruning masks']]);
  expect([...checkpoint['conv1.weight']!.data]).toEqual([...conv.data].map((value, i) => value * (i % 2)));
});

test('readWeights: the normalisation of images is found in any shape and scale, and in our own files', async () => {
  const buffer = (values: number[], shape = [values.length]) => ({ shape, data: Float32Array.from(values) });
  const mean = [0.5, 0.4, 0.3];
  const std = [0.2, 0.25, 0.3];
  const [network, under] = [renamed((name) => `1.${name}`), (key: string) => `0.${key}`];
  const found = { mean, std };
  const shaped = {
    ...network,
    [under('mean')]: buffer(mean, [1, 3, 1, 1]),
    [under('std')]: buffer(std, [3, 1, 1]),
  };
  expect((await read(shaped)).report.normalise).toEqual(found);
  const means = { ...network, [under('means')]: buffer(mean), [under('sds')]: buffer(std) };
  expect((await read(means)).report.normalise).toEqual(found);
  const bytes = { ...network, mean: buffer([127.5, 102, 51]), std: buffer([51]) };
  expect((await read(bytes)).report.normalise).toEqual({ mean: [0.5, 0.4, 0.2], std: [0.2, 0.2, 0.2] });
  // Detectron subtracts a mean from pixels up to 255, and divides by nothing.
  const undivided = { ...network, pixel_mean: buffer([127.5, 102, 51]), pixel_std: buffer([1, 1, 1]) };
  expect((await read(undivided)).report.normalise).toEqual({
    mean: [0.5, 0.4, 0.2],
    std: [1 / 255, 1 / 255, 1 / 255],
  });
  const own = await read(weights, { lethe: 'run', mean: '0.5,0.4,0.3', std: '0.2,0.25,0.3' });
  expect(own.report).toMatchObject({ normalise: found, lethe: { lethe: 'run' } });
  // What is kept of a file still says it.
  expect((await readWeights((await read(shaped)).file)).report.normalise).toEqual(found);
  expect((await read(weights)).report.normalise).toBeUndefined();
  await expect(read({ ...network, '0.mean': buffer(mean), '0.std': buffer([0, 1, 1]) })).rejects.toThrow(
    /every std must be above 0/,
  );
});

test('withKernelOf: a named network takes the first kernel of its weights', () => {
  const data = { shape: [32, 32, 3] as const, classes: [...'0123456789'] };
  const { config: named } = specOf({ id: 'resnet18' }, data);
  const large = initialise(specOfConfig({ ...(named as ResNetConfig), stem: 'imagenet' }), 0);
  expect(withKernelOf(large, named)).toMatchObject({ stem: 'imagenet' });
  expect(withKernelOf(initialise(specOfConfig(named), 0), named)).toBeUndefined();
  const { 'fc.bias': _, ...lacking } = large;
  expect(withKernelOf(lacking, named)).toBeUndefined();
});

test('readWeights: lucidrains’ names of before 2023 become those of today', async () => {
  const small = {
    kind: 'vit',
    image: 8,
    patch: 4,
    dim: 8,
    depth: 2,
    heads: 2,
    dimHead: 4,
    mlpDim: 8,
  } as const;
  const vit = initialise(specOfConfig({ ...small, classes: 3, channels: 3 }), 0);
  const older = Object.entries(vit).map(([name, tensor]): [string, StoredTensor] => [
    name
      .replace(/^(transformer\.layers\.\d+\.0)\.(?!norm)/, '$1.fn.')
      .replace(/^(transformer\.layers\.\d+\.1)\.net\.0\./, '$1.norm.')
      .replace(/^(transformer\.layers\.\d+\.1)\.net\.1\./, '$1.fn.net.0.')
      .replace(/^(transformer\.layers\.\d+\.1)\.net\.4\./, '$1.fn.net.3.'),
    tensor,
  ]);
  expect(older.map(([name]) => name)).toContain('transformer.layers.0.0.fn.to_qkv.weight');
  expect((await read(Object.fromEntries(older))).checkpoint).toEqual(vit);
});

test('readWeights: whole numbers are a mask or a quantised network, not weights', async () => {
  const mask = names.map((name) => [name, { ...weights[name]!, data: Uint8Array.from(weights[name]!.data) }]);
  await expect(read(Object.fromEntries(mask))).rejects.toThrow(/"conv1.weight" holds whole numbers \(U8\)/);
});
