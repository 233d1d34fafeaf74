import { expect, test } from 'vitest';
import { decodeCifar } from '../../../src/lab/data/cifar-binary';
import { openDataset } from '../../../src/lab/data/open';
import { encodeSafetensors, type StoredTensor } from '../../../src/lab/nn/safetensors';
import { LetheError } from '../../../src/lab/settings';

const images = { shape: [3, 2, 2, 1], data: Uint8Array.from({ length: 12 }, (_, i) => i) };
const labels = { shape: [3], data: Int32Array.of(0, 2, 1) };
const open = (tensors: Record<string, StoredTensor>, want?: { train: number; test: number }) =>
  openDataset('mine.safetensors', async () => encodeSafetensors(tensors), want);

test('a safetensors file with and without a test split', async () => {
  const alone = await open({ images, labels });
  expect(alone).toMatchObject({ shape: [2, 2, 1], classes: ['0', '1', '2'], test: { count: 0 } });
  expect(alone.train).toEqual({ images: images.data, labels: labels.data, count: 3 });
  const test_labels = { shape: [3], data: Int32Array.of(4, 0, 0) };
  const both = await open({ images, labels, test_images: images, test_labels }, { train: 2, test: 9 });
  expect(both.classes.length).toBe(5);
  expect(both.train).toEqual({ images: images.data.slice(0, 8), labels: Int32Array.of(0, 2), count: 2 });
  expect(both.test.count).toBe(3);
});

test.each<[string, Record<string, StoredTensor>, RegExp]>([
  ['no images', { labels }, /no tensor "images"/],
  ['no labels', { images }, /"labels" must be I32/],
  ['too few labels', { images, labels: { shape: [2], data: Int32Array.of(0, 1) } }, /each of the 3 images/],
  ['float images', { images: { shape: [1, 1, 1, 1], data: Float32Array.of(1) }, labels }, /must be U8/],
  [
    'three dimensions',
    { images: { shape: [3, 2, 2], data: images.data }, labels },
    /height, width, channels/,
  ],
  ['a negative label', { images, labels: { shape: [3], data: Int32Array.of(0, -1, 1) } }, /-1/],
  [
    'another test shape',
    {
      images,
      labels,
      test_images: { shape: [1, 1, 1, 1], data: Uint8Array.of(1) },
      test_labels: { shape: [1], data: Int32Array.of(0) },
    },
    /must agree/,
  ],
])('%s: refused', async (_, tensors, message) => {
  await expect(open(tensors)).rejects.toThrow(LetheError);
  await expect(open(tensors)).rejects.toThrow(message);
});

test("CIFAR-10's planar records become interleaved images", async () => {
  const record = (label: number) =>
    Uint8Array.from({ length: 3073 }, (_, i) =>
      i === 0 ? label : Math.floor((i - 1) / 1024) * 80 + (i % 7),
    );
  const folder = await openDataset('some/folder', async (path) =>
    path.endsWith('test_batch.bin') ? record(3) : record(7),
  );
  expect([...folder.train.labels]).toEqual([7, 7, 7, 7, 7]);
  expect([...folder.test.labels]).toEqual([3]);
  const pixel = 33;
  const channels = folder.test.images.subarray(pixel * 3, pixel * 3 + 3);
  expect([...channels]).toEqual([0, 1, 2].map((c) => record(3)[1 + c * 1024 + pixel]));
  expect(() => decodeCifar([record(3).subarray(1)])).toThrow(/truncated/);
  expect(() => decodeCifar([record(10)])).toThrow(/label 10/);
});

test('an unknown name lists the known ones', async () => {
  await expect(openDataset('imagenet', async () => new Uint8Array())).rejects.toThrow(/fashion-mnist-mini/);
});
