import { readFileSync } from 'node:fs';
import { zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { readIndexList } from '../../../../src/lab/forget/index-lists/recognise';
import { openTensors } from '../../../../src/lab/nn/checkpoints/recognise';
import { rangesOf } from '../../../../src/lab/ranges';

const sample = (name: string) => new Uint8Array(readFileSync(new URL(`samples/${name}`, import.meta.url)));

async function valuesOf(name: string): Promise<Record<string, readonly number[]>> {
  const { tensors } = await openTensors(sample(name));
  const values = [...tensors].map(async ([key, tensor]) => [key, [...(await tensor.read())]] as const);
  return Object.fromEntries(await Promise.all(values));
}

const ROWS = [...Array(12).keys()];

test('torch.save: views of a shared storage, repeated values and every float type', async () => {
  expect(await valuesOf('views.pth')).toEqual({
    'net.whole': ROWS,
    'net.turned': [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11],
    'net.corner': [5, 6, 9, 10],
    'net.repeated': [1, 2, 3, 1, 2, 3],
    'net.single': [7],
    'net.empty': [],
    'net.half': [1.5, -2],
    'net.brain': [1.5, -2],
    'net.double': [1.5, -2],
    'net.untyped': [1.5, -2],
    'net.subclass': [3, 4],
  });
});

test('torch.save before 1.6: a storage that is a part of another', async () => {
  expect(await valuesOf('views-legacy.pt')).toEqual({
    'net.whole': ROWS,
    'net.lower': [4, 5, 6, 7, 8, 9, 10, 11],
  });
});

test('a large file is read range by range: only the pickle and the tensors that are asked for', async () => {
  const bytes = sample('views.pth');
  const whole = rangesOf(bytes);
  const read: [number, number][] = [];
  const { tensors } = await openTensors({
    byteLength: bytes.length,
    slice(from: number, to = bytes.length) {
      read.push([from, to]);
      return whole.slice(from, to);
    },
  });
  read.length = 0;
  await tensors.get('net.corner')!.read();
  // The local header of the storage, then no more than the view's six elements.
  expect(read.map(([from, to]) => to - from)).toEqual([30, 24]);
});

test.each([
  ['tensor-in-pickle.pkl', [3, 17, 4, 40, 8]],
  ['subset.pt', [3, 17, 4, 40, 8]],
  ['numpy-protocol-2.pkl', [3, 17, 4, 40, 8]],
  ['protocol-0.pkl', [3, 17, 4, 40, 8]],
  ['lists.npz', [3, 17, 4, 40, 8]],
  ['set.pkl', [17, 3, 4]],
  ['range.pkl', [2, 5, 8]],
  ['column.npy', [3, 17, 4]],
  ['floats.npy', [3, 17]],
  ['objects.npy', [3, 17]],
])('%s: is read as a list of images', async (name, list) => {
  const { indices } = await readIndexList(sample(name), name, { count: 60, which: 'forget' });
  expect([...indices].sort()).toEqual([...list].sort());
});

test('a matrix is no list, and lists within lists are followed once', async () => {
  const about = { count: 60, which: 'forget' } as const;
  await expect(readIndexList(sample('matrix.npy'), '', about)).rejects.toThrow(
    'an array of 2×3, but a list has one axis',
  );
  const started = performance.now();
  await expect(readIndexList(sample('laughs.pkl'), '', about)).rejects.toThrow('no list');
  await expect(openTensors(sample('laughs.pkl'))).rejects.toThrow('no tensors');
  expect(performance.now() - started).toBeLessThan(1000);
});

test('torch.save: tensors that are no rows of numbers are there, and say what they are when they are needed', async () => {
  const { tensors } = await openTensors(sample('kinds.pth'));
  expect([...tensors].map(([name, { shape }]) => [name, shape])).toEqual([
    ['quantised', [2, 3]],
    ['sparse', [2, 3]],
    ['meta', [2, 3]],
    ['float8', [2, 2]],
    ['tpu', [2, 3]],
  ]);
  for (const [name, what] of [
    ['quantised', /"w" is quantised.*dequantize/],
    ['sparse', /"w" is sparse.*to_dense/],
    ['meta', /"w" has no values/],
    ['float8', /"w" has the type float8_e4m3fn/],
  ] as const)
    await expect(tensors.get(name)!.read('"w"')).rejects.toThrow(what);
  expect([...(await tensors.get('tpu')!.read())]).toEqual([0, 1, 2, 3, 4, 5]);
});

test('torch.save: a module in two places has both names, as in PyTorch; modules in each other without end are refused', async () => {
  expect(await valuesOf('shared-modules.pth')).toEqual({
    'features.0.weight': [0, 1],
    'net.conv1.weight': [0, 1],
  });
  await expect(openTensors(sample('modules-without-end.pth'))).rejects.toThrow(/lie in each other/);
});

test('a packed file that announces far more than its size is refused before anything is unpacked', async () => {
  for (const name of ['a.npy', 'archive/data.pkl']) {
    const bytes = zipSync({ [name]: new Uint8Array(2 ** 20), 'archive/data/0': new Uint8Array(9) });
    // The size in the directory, behind its signature.
    const at = Buffer.from(bytes).indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    new DataView(bytes.buffer, bytes.byteOffset).setUint32(at + 24, 2 ** 29, true);
    await expect(openTensors(bytes)).rejects.toThrow(/holds more than 268 MB/);
    const about = { count: 60, which: 'forget' } as const;
    await expect(readIndexList(bytes, name, about)).rejects.toThrow(/holds more than 268 MB/);
  }
});
