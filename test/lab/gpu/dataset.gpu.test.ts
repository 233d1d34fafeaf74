import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { releaseBatch, streamImages, uploadImages } from '../../../src/lab/gpu/dataset';
import { randomStream } from '../../../src/lab/rng';
import { deviceForTests } from '../../support/device';

const device = deviceForTests();

const INDICES = [4, 0, 4, 10, 3, 7];

describe.each([
  { shape: [5, 5, 1] as const, segmentBytes: undefined },
  { shape: [4, 3, 3] as const, segmentBytes: 3 * 36 + 5 },
  { shape: [1, 1, 1] as const, segmentBytes: 7 },
])('images of $shape, at most $segmentBytes bytes a buffer', ({ shape, segmentBytes }) => {
  const size = shape[0] * shape[1] * shape[2];
  const stream = randomStream(3, 'images', ...shape);
  const pixels = Uint8Array.from({ length: 11 * size }, () => stream.below(256));
  const labels = Int32Array.from({ length: 11 }, (_, i) => 100 + i);

  it.each([undefined, { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] }])(
    'batches have the bits of float32 arithmetic, normalised by %j',
    async (normalise) => {
      const before = tf.memory().numTensors;
      const images = uploadImages(device().gpu, pixels, labels, shape, { segmentBytes, normalise });
      const indices = tf.tensor1d(INDICES, 'int32');
      const batch = images.gather({ indices });
      const expected = INDICES.flatMap((image) =>
        [...pixels.subarray(image * size, (image + 1) * size)].map((pixel, i) => {
          const scaled = Math.fround(pixel / 255);
          if (!normalise) return scaled;
          const centered = Math.fround(scaled - Math.fround(normalise.mean[i % shape[2]]!));
          return Math.fround(centered / Math.fround(normalise.std[i % shape[2]]!));
        }),
      );
      expect(batch.images.shape).toEqual([6, ...shape]);
      expect(await batch.images.data()).toEqual(Float32Array.from(expected));
      expect([...(await batch.labels.data())]).toEqual(INDICES.map((i) => 100 + i));

      const replaced = tf.tensor1d(
        labels.map((label) => -label),
        'int32',
      );
      const relabelled = images.gather({ indices }, { labels: replaced });
      expect([...(await relabelled.labels.data())]).toEqual(INDICES.map((i) => -100 - i));
      tf.dispose([batch, relabelled, indices, replaced]);
      images.dispose();
      expect(tf.memory().numTensors).toBe(before);
    },
  );
});

it('streamed batches: same bits as from a set on the device, with buffers that are reused', async () => {
  const shape = [5, 3, 3] as const;
  const noise = randomStream(4, 'images');
  const pixels = Uint8Array.from({ length: 11 * 45 }, () => noise.below(256));
  const labels = Int32Array.from({ length: 11 }, (_, i) => 100 + i);
  const read = async (indices: Int32Array) =>
    Uint8Array.from([...indices].flatMap((i) => [...pixels.subarray(i * 45, (i + 1) * 45)]));
  const augment = { size: 3, crop: { scale: [0.3, 1], ratio: [0.5, 2] }, flip: true } as const;
  const before = tf.memory().numTensors;
  for (const options of [{}, { augment }]) {
    const sets = [
      uploadImages(device().gpu, pixels, labels, shape, options),
      streamImages(device().gpu, read, labels, shape, options),
    ] as const;
    const replaced = tf.tensor1d(
      labels.map((label) => -label),
      'int32',
    );
    const step = tf.tensor1d([3], 'int32');
    const crops = { key: [1, 2], step, stream: 0 } as const;
    const places = await Promise.all(
      sets.map(async (set) => set.put(await set.fetch(Int32Array.from(INDICES)))),
    );
    const batches = [];
    for (const numbers of [INDICES, [1, 10, 2, 2, 0, 5]]) {
      const seen = await Promise.all(
        sets.map(async (set, i) => {
          expect(set.put(await set.fetch(Int32Array.from(numbers)), places[i])).toEqual(places[i]);
          // The next batch is put before this one is read: recorded commands must still see the earlier values.
          return [set.gather(places[i]!), set.gather(places[i]!, { labels: replaced, augment: crops })];
        }),
      );
      batches.push(seen);
    }
    for (const [resident, streamed] of batches)
      for (const [i, batch] of resident!.entries()) {
        expect(await streamed![i]!.images.data()).toEqual(await batch.images.data());
        expect(await streamed![i]!.labels.data()).toEqual(await batch.labels.data());
      }
    expect([...(await batches[1]![1]![0]!.labels.data())]).toEqual([101, 110, 102, 102, 100, 105]);
    tf.dispose([batches as unknown as tf.TensorContainer, replaced, step]);
    places.forEach(releaseBatch);
    for (const set of sets) set.dispose();
  }
  expect(tf.memory().numTensors).toBe(before);
});

it('uploadImages: refuses images and labels that do not fit together', () => {
  expect(() => uploadImages(device().gpu, new Uint8Array(10), new Int32Array(3), [2, 2, 1])).toThrow(
    /need 12 bytes/,
  );
});
