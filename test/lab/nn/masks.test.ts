import { expect, test } from 'vitest';
import { readMaskFile } from '../../../src/lab/nn/masks';
import { specOfConfig } from '../../../src/lab/nn/models';
import { encodeSafetensors, type StoredTensor } from '../../../src/lab/nn/safetensors';
import { sizeOf } from '../../../src/lab/tensors';

const spec = specOfConfig({
  ...{ kind: 'resnet', stem: 'cifar', block: 'basic', layers: [1], widths: [4], inChannels: 3, classes: 3 },
});
const bits = (count: number) => Uint8Array.from({ length: count }, (_, i) => (i % 3 === 0 ? 1 : 0));
const mask = Object.fromEntries(spec.parameters.map(({ name, shape }) => [name, bits(sizeOf(shape))]));

/** The mask as a file, its tensors renamed or changed. */
function fileOf(
  rename: (name: string) => string,
  change: (tensor: StoredTensor, name: string) => StoredTensor | undefined = (tensor) => tensor,
  more: Record<string, StoredTensor> = {},
) {
  const tensors = spec.parameters.flatMap(({ name, shape }) => {
    const tensor = change({ shape, data: mask[name]! }, name);
    return tensor ? [[rename(name), tensor] as const] : [];
  });
  return encodeSafetensors({ ...Object.fromEntries(tensors), ...more });
}
const read = (...given: Parameters<typeof fileOf>) => readMaskFile(spec, fileOf(...given));
const same = (name: string) => name;
const statistics = Object.fromEntries(
  spec.buffers.map(({ name, shape }) => [
    name,
    { shape, data: Float32Array.from(bits(sizeOf(shape)), () => 0.5) },
  ]),
);

test.each<[string, (name: string) => string]>([
  ['wrappers’ prefixes', (name) => `module.${name}`],
  ['torch.nn.utils.prune', (name) => `${name}_mask`],
  ['torch.nn.utils.prune in a wrapper', (name) => `module.${name}_mask`],
  ['kuangliu', (name) => name.replace(/^fc\./, 'linear.')],
  ['another name for the head', (name) => name.replace(/^fc\./, 'classifier.')],
])('readMaskFile: names of %s', async (_, rename) => {
  expect(await read(rename)).toEqual(mask);
});

test('readMaskFile: statistics and pruned weights beside a mask are no part of it', async () => {
  expect(await read(same, undefined, statistics)).toEqual(mask);
  const pruned = Object.fromEntries(
    spec.parameters.map(({ name, shape }) => [
      `${name}_orig`,
      { shape, data: new Float32Array(sizeOf(shape)).fill(0.5) },
    ]),
  );
  expect(await read((name) => `${name}_mask`, undefined, { ...pruned, ...statistics })).toEqual(mask);
});

test('readMaskFile: what is no mask of the network is refused by what is wrong with it', async () => {
  const changed = (value: number) => (tensor: StoredTensor, name: string) =>
    name === 'fc.bias' ? { ...tensor, data: Float32Array.of(0, value, 1) } : tensor;
  await expect(read(same, changed(0.25))).rejects.toThrow(
    'fc.bias holds 0.25, but a mask is of zeros and ones',
  );
  await expect(read(same, changed(Number.NaN))).rejects.toThrow('fc.bias holds NaN');
  await expect(read(same, (tensor, name) => (name.includes('bn') ? undefined : tensor))).rejects.toThrow(
    /lacks bn1.weight, bn1.bias, layer1.0.bn1.weight and 3 more, and a mask says zero or one for every parameter/,
  );
  await expect(
    read(same, (tensor, name) => (name === 'fc.bias' ? { ...tensor, shape: [1, 3] } : tensor)),
  ).rejects.toThrow('fc.bias is [1,3] instead of [3]');
  // The mask of a larger network holds all of ours.
  const larger = { 'layer1.1.conv1.weight': { shape: [1], data: Uint8Array.of(1) } };
  await expect(read(same, undefined, larger)).rejects.toThrow('it has the unknown layer1.1.conv1.weight');
});
