import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { deflateSync } from 'fflate';
import { expect, test } from 'vitest';
import type { Split } from '../../../../src/lab/data/dataset';
import { fashionMnistMini } from '../../../../src/lab/data/sources/fashion-mnist-mini';
import { packPart, unpackPart } from '../../../../src/lab/data/sources/packed-images';
import { LetheError } from '../../../../src/lab/settings';
import { readPublic } from '../../../support/read-public';
import { imagesOf } from '../../../support/resident';

const all = await fashionMnistMini.load({ train: 10_000, test: 2_000 }, readPublic);

function perClass(split: Split, count: number): number[] {
  const counts = new Array(10).fill(0);
  for (const label of split.labels.subarray(0, count)) counts[label]++;
  return counts;
}

test('fashion-mnist-mini: has known labels and pixels of the original set', () => {
  // Fashion-MNIST's training labels start 9 0 0 3 0 2 7 2 5 5; its test labels 9 2 1 1 6 1 4 6 5 7.
  expect([...all.train.origin!.subarray(0, 6)]).toEqual([0, 1, 3, 5, 6, 8]);
  expect([...all.train.labels.subarray(0, 6)]).toEqual([9, 0, 3, 2, 7, 5]);
  expect([...all.test.origin!.subarray(0, 7)]).toEqual([0, 1, 2, 4, 6, 8, 9]);
  expect([...all.test.labels.subarray(0, 7)]).toEqual([9, 2, 1, 6, 4, 5, 7]);
  expect(imagesOf(all.train).length).toBe(10_000 * 784);
});

test('fashion-mnist-mini: the first so many tens of images are class-balanced, and no image comes twice', () => {
  for (const split of [all.train, all.test]) {
    for (let count = 10; count <= split.count; count += 10)
      expect(new Set(perClass(split, count))).toEqual(new Set([count / 10]));
    expect(new Set(split.origin).size).toBe(split.count);
  }
});

test('fashion-mnist-mini: a small study reads only the parts it needs and gets the same images', async () => {
  const paths: string[] = [];
  const progress: number[] = [];
  const small = await fashionMnistMini.load(
    { train: 1_990, test: 30 },
    (path, options) => {
      paths.push(path.split('/').pop()!);
      return readPublic(path, options);
    },
    { onProgress: ({ done, total }) => progress.push(done / total) },
  );
  expect(paths).toEqual(['manifest.json', 'train-0.bin', 'test-0.bin']);
  expect(Buffer.compare(imagesOf(small.train), imagesOf(all.train).subarray(0, 1_990 * 784))).toBe(0);
  expect(small.test.labels).toEqual(all.test.labels.slice(0, 30));
  expect(progress.at(-1)).toBe(1);
});

test('fashion-mnist-mini: reads no test images when none are wanted', async () => {
  const paths: string[] = [];
  const { test: none } = await fashionMnistMini.load({ train: 10, test: 0 }, (path, options) => {
    paths.push(path.split('/').pop()!);
    return readPublic(path, options);
  });
  expect(paths).toEqual(['manifest.json', 'train-0.bin']);
  expect(none).toMatchObject({ count: 0, images: new Uint8Array(), labels: new Int32Array() });
});

test('fashion-mnist-mini: refuses more images than there are, and no training image', async () => {
  for (const train of [0, 10_001, 2.5])
    await expect(fashionMnistMini.load({ train, test: 10 }, readPublic)).rejects.toThrow(
      /has 10000 train images/,
    );
});

test('fashion-mnist-mini: refuses any changed byte or cut of any file in one sentence', async () => {
  const files = new Map<string, Uint8Array>();
  for (const name of ['manifest.json', 'train-0.bin', 'test-0.bin'])
    files.set(name, await readPublic(`data/fashion-mnist-mini/${name}`));
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...files.keys()),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      fc.option(fc.integer({ min: 1, max: 255 })),
      async (damaged, where, flip) => {
        const whole = files.get(damaged)!;
        const at = Math.floor(where * whole.length);
        const bytes = flip === null ? whole.slice(0, at) : whole.slice();
        if (flip !== null) bytes[at]! ^= flip;
        const load = fashionMnistMini.load({ train: 100, test: 100 }, async (path) => {
          const name = path.split('/').pop()!;
          return name === damaged ? bytes : files.get(name)!;
        });
        await expect(load).rejects.toThrow(LetheError);
        await expect(load).rejects.toThrow(`${damaged} is damaged or incomplete`);
      },
    ),
    { numRuns: 30 },
  );
});

test('fashion-mnist-mini: an aborted load rejects with the reason', async () => {
  const controller = new AbortController();
  const load = fashionMnistMini.load({ train: 10, test: 10 }, readPublic, { signal: controller.signal });
  controller.abort();
  await expect(load).rejects.toMatchObject({ name: 'AbortError' });
});

test('packPart: is undone by unpackPart, whatever the pixels', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 5 }), fc.nat(3), (h, w, count) =>
      fc.assert(
        fc.property(
          fc.uint8Array({ minLength: h * w * count, maxLength: h * w * count }),
          fc.uint16Array({ minLength: count, maxLength: count }),
          (images, origin) => {
            const part = { labels: Uint8Array.from(origin, (x) => x % 10), origin, images };
            expect(unpackPart(deflateSync(packPart(part, h, w)), count, h, w)).toEqual(part);
          },
        ),
        { numRuns: 10 },
      ),
    ),
    { numRuns: 20 },
  );
});

const original = '/usr/share/datasets/fashion-mnist/';
test.runIf(existsSync(original))(
  "fashion-mnist-mini: agrees with Debian's dataset-fashion-mnist, byte for byte",
  () => {
    const read = (name: string, header: number) => gunzipSync(readFileSync(original + name)).subarray(header);
    for (const [split, name] of [
      [all.train, 'train'],
      [all.test, 't10k'],
    ] as const) {
      const images = read(`${name}-images-idx3-ubyte.gz`, 16);
      const labels = read(`${name}-labels-idx1-ubyte.gz`, 8);
      split.origin!.forEach((index, i) => {
        expect(split.labels[i]).toBe(labels[index]);
        const mine = imagesOf(split).subarray(i * 784, (i + 1) * 784);
        expect(images.subarray(index * 784, (index + 1) * 784).equals(mine)).toBe(true);
      });
    }
  },
);
