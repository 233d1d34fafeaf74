import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Augmentation, type AugmentStream, drawBoxes } from '../../../src/lab/gpu/augment';
import { uploadImages } from '../../../src/lab/gpu/dataset';
import { readTensor } from '../../../src/lab/gpu/read';
import { philox, randomStream } from '../../../src/lab/rng';
import { deviceForTests } from '../../support/device';
import { expectClose } from '../../support/reference';

const device = deviceForTests();

const { key } = randomStream(5, 'augment');
const COUNT = 9;
const streamOf = (step: number, stream = 0): AugmentStream => ({
  key,
  step: tf.tensor1d([step], 'int32'),
  stream,
});

interface Setup {
  shape: [height: number, width: number, channels: number];
  augment: Augmentation;
  indices: number[];
  step: number;
}

const setups: fc.Arbitrary<Setup> = fc
  .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 4 }))
  .chain((shape) =>
    fc.record({
      shape: fc.constant(shape),
      augment: fc.record({
        size: fc.integer({ min: 1, max: Math.min(shape[0], shape[1]) }),
        crop: fc.record({
          scale: fc
            .tuple(fc.double({ min: 0.05, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }))
            .map(([least, share]): [number, number] => [least, least + share * (1 - least)]),
          ratio: fc
            .tuple(fc.double({ min: 0.3, max: 1.5, noNaN: true }), fc.double({ min: 1, max: 3, noNaN: true }))
            .map(([least, factor]): [number, number] => [least, least * factor]),
        }),
        flip: fc.boolean(),
      }),
      indices: fc.array(fc.integer({ min: 0, max: COUNT - 1 }), { minLength: 1, maxLength: 6 }),
      step: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
    }),
  );

/** As WGSL and Python do. */
function roundHalfEven(value: number): number {
  const down = Math.floor(value);
  if (value - down !== 0.5) return Math.round(value);
  return down % 2 === 0 ? down : down + 1;
}

const uniform = (word: number) => (word >>> 8) / 2 ** 24;
const below = (n: number, word: number) => Math.floor(((word >>> 16) * n) / 2 ** 16);

/**
 * torchvision's `RandomResizedCrop.get_params` and a flip in float64, from the words that the device uses.
 * @returns undefined where float32 may round or accept another size.
 */
function referenceBox({ shape, augment, step }: Setup, image: number): number[] | undefined {
  const [height, width] = shape;
  const { scale, ratio } = augment.crop;
  const draw = (block: number) => philox([block, image, step, 0], key);
  const flipped = augment.flip ? draw(10)[0] >>> 31 : 0;
  const nearHalf = (value: number) => Math.abs(value - Math.floor(value) - 0.5) < 1e-4;
  for (let attempt = 0; attempt < 10; attempt++) {
    const words = draw(attempt);
    const area = height * width * (scale[0] + (scale[1] - scale[0]) * uniform(words[0]));
    const [least, most] = ratio.map(Math.log) as [number, number];
    const aspect = Math.exp(least + (most - least) * uniform(words[1]));
    const sides = [Math.sqrt(area / aspect), Math.sqrt(area * aspect)];
    if (sides.some(nearHalf)) return undefined;
    const [h, w] = sides.map(roundHalfEven) as [number, number];
    if (h < 1 || h > height || w < 1 || w > width) continue;
    return [below(height - h + 1, words[2]), below(width - w + 1, words[3]), h, w, flipped];
  }
  const own = width / height;
  const h = own < ratio[0] ? roundHalfEven(width / ratio[0]) : height;
  const w = own > ratio[1] ? roundHalfEven(height * ratio[1]) : width;
  if (own < ratio[0] ? nearHalf(width / ratio[0]) : own > ratio[1] && nearHalf(height * ratio[1]))
    return undefined;
  if (h < 1 || w < 1) return undefined;
  return [Math.floor((height - h) / 2), Math.floor((width - w) / 2), h, w, flipped];
}

/** PyTorch's bilinear `interpolate` (no aligned corners, no antialiasing) of a box, in float64. */
function referencePixels(image: ArrayLike<number>, setup: Setup, box: ArrayLike<number>): number[] {
  const [, width, channels] = setup.shape;
  const { size } = setup.augment;
  const [top, left, boxHeight, boxWidth, flipped] = Array.from(box) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const taps = (at: number, length: number) => {
    const position = Math.max(0, ((at + 0.5) * length) / size - 0.5);
    const lower = Math.floor(position);
    return { lower, upper: Math.min(lower + 1, length - 1), weight: position - lower };
  };
  const pixels: number[] = [];
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++)
      for (let channel = 0; channel < channels; channel++) {
        const y = taps(row, boxHeight);
        const x = taps(flipped ? size - 1 - column : column, boxWidth);
        const value = (v: number, u: number) =>
          image[((top + v) * width + left + u) * channels + channel]! / 255;
        const across = (v: number) => value(v, x.lower) * (1 - x.weight) + value(v, x.upper) * x.weight;
        pixels.push(across(y.lower) * (1 - y.weight) + across(y.upper) * y.weight);
      }
  return pixels;
}

function noise([height, width, channels]: Setup['shape']): Uint8Array {
  const stream = randomStream(2, 'pixels', height, width, channels);
  return Uint8Array.from({ length: COUNT * height * width * channels }, () => stream.below(256));
}
const labels = Int32Array.from({ length: COUNT }, (_, i) => 10 + i);

test('augment: crops and flips equal torchvision’s, in any shape', async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(setups, async (setup) => {
      const { shape, augment, indices, step } = setup;
      const size = shape[0] * shape[1] * shape[2];
      const before = tf.memory().numTensors;
      const pixels = noise(shape);
      // Buffers of a few images each, so that a batch comes from several.
      const images = uploadImages(device().gpu, pixels, labels, shape, {
        augment,
        segmentBytes: 4 * size + 4,
      });
      const list = tf.tensor1d(indices, 'int32');
      const stream = streamOf(step);
      const boxes = drawBoxes(list, [shape[0], shape[1]], augment, stream);
      const batch = images.gather({ indices: list }, { augment: stream });
      const drawn = (await readTensor(boxes)) as Int32Array;
      const values = await readTensor(batch.images);
      expect(batch.images.shape).toEqual([indices.length, augment.size, augment.size, shape[2]]);
      expect([...(await readTensor(batch.labels))]).toEqual(indices.map((i) => labels[i]));
      indices.forEach((image, row) => {
        const box = drawn.subarray(5 * row, 5 * row + 5);
        const expected = referenceBox(setup, image);
        if (expected) {
          compared++;
          expect([...box]).toEqual(expected);
        }
        const own = values.length / indices.length;
        expectClose(
          'pixels',
          values.subarray(row * own, (row + 1) * own),
          referencePixels(pixels.subarray(image * size, (image + 1) * size), setup, box),
          1e-6,
        );
      });
      tf.dispose([list, stream.step, boxes, batch]);
      images.dispose();
      expect(tf.memory().numTensors).toBe(before);
    }),
    { numRuns: 60 },
  );
  expect(compared).toBeGreaterThan(100);
});

const PLAIN: Augmentation = { size: 8, crop: { scale: [1, 1], ratio: [1, 1] }, flip: false };

test('augment: whole images without a flip keep their bits, and evaluation uses the centre crop', async () => {
  const shape: Setup['shape'] = [8, 8, 3];
  const normalise = { mean: [0.4, 0.5, 0.6], std: [0.2, 0.3, 0.1] };
  const plain = uploadImages(device().gpu, noise(shape), labels, shape, { normalise });
  const list = tf.tensor1d([3, 0, 8], 'int32');
  const bits = async (augment: Augmentation, stream?: AugmentStream) =>
    readTensor(
      uploadImages(device().gpu, noise(shape), labels, shape, { normalise, augment }).gather(
        { indices: list },
        {
          augment: stream,
        },
      ).images,
    );
  const whole = await readTensor(plain.gather({ indices: list }).images);
  expect(await bits(PLAIN, streamOf(3))).toEqual(whole);
  expect(await bits(PLAIN)).toEqual(whole);
  expect(await bits({ ...PLAIN, size: 5, flip: true })).toEqual(
    await readTensor(tf.slice(plain.gather({ indices: list }).images, [0, 1, 1, 0], [3, 5, 5, 3])),
  );
});

test('augment: a crop depends on key, step, stream and image, but not on the position in the batch', async () => {
  const augment: Augmentation = { size: 4, crop: { scale: [0.1, 1], ratio: [0.5, 2] }, flip: true };
  const boxes = async (indices: number[], stream: AugmentStream) => {
    const drawn = drawBoxes(tf.tensor1d(indices, 'int32'), [100, 100], augment, stream);
    return (await drawn.array()) as number[][];
  };
  const some = await boxes([0, 1, 2, 3], streamOf(5));
  expect(await boxes([3, 1], streamOf(5))).toEqual([some[3], some[1]]);
  expect(new Set(some.map(String)).size).toBe(4);
  for (const other of [streamOf(6), streamOf(5, 1), { ...streamOf(5), key: randomStream(6, 'augment').key }])
    expect(await boxes([0, 1, 2, 3], other)).not.toEqual(some);
});

test('augment: half of the crops are flipped', async () => {
  const augment = { ...PLAIN, flip: true };
  const drawn = drawBoxes(tf.range(0, 1000, 1, 'int32'), [8, 8], augment, streamOf(0));
  const flips = ((await drawn.array()) as number[][]).reduce((sum, box) => sum + box[4]!, 0);
  expect(Math.abs(flips - 500)).toBeLessThan(80);
});

test('augment: images smaller than the crop are refused', () => {
  expect(() =>
    uploadImages(device().gpu, new Uint8Array(42), new Int32Array(1), [6, 7, 1], { augment: PLAIN }),
  ).toThrow('Images of 6×7 are too small for crops of 8×8.');
});
