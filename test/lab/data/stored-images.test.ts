import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Dataset, StoredImages } from '../../../src/lab/data/dataset';
import { readStored, type StoredOptions, streamedSplits } from '../../../src/lab/data/read-stored';
import { DamagedPart, type Manifest } from '../../../src/lab/data/shards';
import { memoryStore } from '../../../src/lab/store/memory';
import { fileStore } from '../../../src/lab/store/node';
import type { ArtifactStore } from '../../../src/lab/store/store';
import type { LoadProgress } from '../../../src/lab/watch';
import { imagesOf } from '../../support/resident';
import { IMAGE_BYTES, keepShards } from '../../support/stored-set';

const COUNTS = [4, 1, 5, 3];
const COUNT = 13;
const all = { train: COUNT, test: 2 };

/** A store that counts what is read of it: whole artifacts at the same time, and the bytes of its largest part. */
function counting(store: ArtifactStore) {
  const counts = { whole: 0, atOnce: 0, mostAtOnce: 0, parts: 0, largestPart: 0 };
  return {
    counts,
    store: {
      ...store,
      async get(key: string) {
        counts.whole++;
        counts.mostAtOnce = Math.max(counts.mostAtOnce, ++counts.atOnce);
        try {
          return await store.get(key);
        } finally {
          counts.atOnce--;
        }
      },
      async read(key: string, from: number, to: number) {
        counts.parts++;
        counts.largestPart = Math.max(counts.largestPart, to - from);
        return store.read(key, from, to);
      },
    },
  };
}

const read = async (store: ArtifactStore, memory: number, want = all) => {
  const manifest = await keepShards(store, { train: COUNTS, test: [2] });
  return readStored(store, 'set', manifest, want, 'set', { memory });
};
const stored = ({ train }: Dataset) => train.images as StoredImages;

test('streamedSplits: the smaller split goes into memory first, the larger one where both fit', () => {
  const of = (train: number, test: number, memory: number) => [
    ...streamedSplits({ train, test }, 10, memory),
  ];
  expect(of(5, 2, 70)).toEqual([]);
  expect(of(5, 2, 69)).toEqual(['train']);
  expect(of(2, 5, 69)).toEqual(['test']);
  expect(of(5, 2, 19)).toEqual(['test', 'train']);
});

test('readStored: streamed images equal those in memory, in any order and number, from any shards', async () => {
  const whole = await read(memoryStore(), 1e6);
  const { store, counts } = counting(memoryStore());
  const streamed = await read(store, 2 * IMAGE_BYTES);
  expect(streamed.test).toEqual(whole.test);
  expect({ ...streamed.train, images: undefined }).toEqual({ ...whole.train, images: undefined });
  // Opening a set reads labels alone.
  expect(counts.whole).toBe(1);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(COUNT - 1), { maxLength: 20 }), async (numbers) => {
      const expected = numbers.flatMap((n) => [
        ...imagesOf(whole.train).subarray(n * IMAGE_BYTES, (n + 1) * IMAGE_BYTES),
      ]);
      expect(await stored(streamed).read(Int32Array.from(numbers))).toEqual(Uint8Array.from(expected));
    }),
  );
  // Each shard was looked at as a whole once, one at a time; after that only what is asked for is read.
  expect(counts).toMatchObject({ whole: 1 + COUNTS.length, mostAtOnce: 1 });
  await expect(stored(streamed).read(Int32Array.of(COUNT))).rejects.toThrow('no stored image 13');
});

test('readStored: memory holds the batches that are asked for, and one shard while it is checked', async () => {
  const { store, counts } = counting(memoryStore());
  const { train } = await read(store, 0);
  const images = train.images as StoredImages;
  const batches = [[0, 5, 12], [3, 6], [11, 4, 9, 1], [2]].map((numbers) =>
    images.read(Int32Array.from(numbers)),
  );
  await Promise.all(batches);
  expect(counts).toMatchObject({ whole: COUNTS.length, mostAtOnce: 1 });
  const before = { ...counts };
  await images.read(Int32Array.of(7, 6, 0, 12));
  // Neighbours in one go.
  expect(counts).toMatchObject({ whole: before.whole, parts: before.parts + 3 });
  counts.largestPart = 0;
  await images.read(Int32Array.of(6, 7, 6, 0));
  expect(counts.largestPart).toBe(2 * IMAGE_BYTES);
});

test.each([
  ['streamed', 0],
  ['resident', 1e6],
])('checked as it is opened, a %s set tells how far that is, and is not checked again', async (_, memory) => {
  const { store, counts } = counting(memoryStore());
  const manifest = await keepShards(store, { train: COUNTS, test: [2] });
  const seen: LoadProgress[] = [];
  const open = (check: StoredOptions['check']) =>
    // The first two shards of the training images, of which the second is not used to its end, and the test images.
    readStored(store, 'set', manifest, { train: 5, test: 2 }, 'set', { memory, check });
  const { train } = await open({ onProgress: (progress) => seen.push(progress) });
  const total = 7 * IMAGE_BYTES;
  expect(seen).toEqual(
    [4, 5, 7].map((images) => ({ done: images * IMAGE_BYTES, total, counted: 'bytes', checking: true })),
  );
  const { images } = train;
  if (!(images instanceof Uint8Array)) await images.read(Int32Array.of(4, 0));
  expect(counts).toMatchObject({ whole: 3, mostAtOnce: 1 });

  const cancel = new AbortController();
  const stopped = open({ signal: cancel.signal, onProgress: () => cancel.abort(new Error('stopped')) });
  await expect(stopped).rejects.toThrow('stopped');
  expect(counts.whole).toBe(4);
});

describe('damage', () => {
  let folder: string;
  let manifest: Manifest;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lethe-shards-'));
    manifest = await keepShards(fileStore(folder), { train: COUNTS, test: [2] });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Changes one byte of a shard's file, counted from its end. */
  const alter = (shard: string, fromEnd: number) => {
    const path = join(folder, `${shard}.lethe`);
    const bytes = readFileSync(path);
    bytes[bytes.length - fromEnd]! ^= 1;
    writeFileSync(path, bytes);
  };
  const open = (onDamage?: StoredOptions['onDamage']) =>
    readStored(fileStore(folder), 'set', manifest, all, 'set', { memory: 0, onDamage });

  test('a missing shard is found when the set is opened', async () => {
    rmSync(join(folder, 'set.2-train.0.lethe'));
    await expect(open()).rejects.toThrow(DamagedPart);
  });

  test.each([
    ['an image', 1],
    // The labels lie before the images.
    ['a label', COUNTS[2]! * IMAGE_BYTES + 1],
  ])(
    '%s that was changed is found by a check, and when the first image of its shard is read',
    async (_, fromEnd) => {
      alter('set.2-train.0', fromEnd);
      const check = readStored(fileStore(folder), 'set', manifest, all, 'set', { memory: 0, check: {} });
      await expect(check).rejects.toThrow(DamagedPart);
      const told: string[] = [];
      const images = stored(
        await open(async ({ part }) => {
          told.push(part);
          throw new Error('thrown out');
        }),
      );
      await images.read(Int32Array.of(0, 4, 12));
      expect(told).toEqual([]);
      await expect(images.read(Int32Array.of(5))).rejects.toThrow('thrown out');
      expect(told).toEqual(['2-train']);
      await expect(stored(await open()).read(Int32Array.of(5))).rejects.toThrow(DamagedPart);
    },
  );

  test('a shard that is deleted while the set is used counts as damage', async () => {
    const images = stored(await open());
    await images.read(Int32Array.of(0));
    rmSync(join(folder, 'set.0-train.0.lethe'));
    await expect(images.read(Int32Array.of(1))).rejects.toThrow(DamagedPart);
  });
});
