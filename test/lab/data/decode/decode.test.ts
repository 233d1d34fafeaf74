import fc from 'fast-check';
import { encode } from 'fast-png';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { decodeOnThread } from '../../../../src/cli/decode-sharp';
import { asStored } from '../../../../src/lab/data/decode/as-stored';
import { framed, frameFor } from '../../../../src/lab/data/decode/decode';
import { imageSize } from '../../../../src/lab/data/decode/image-header';
import { datasetSources } from '../../../../src/lab/data/sources';
import { png } from '../../../support/data-files';

/** A JPEG of one grey level. */
const jpegOf = async (level: number, width: number, height: number) =>
  new Uint8Array(
    await sharp(new Uint8Array(width * height * 3).fill(level), { raw: { width, height, channels: 3 } })
      .jpeg({ quality: 95 })
      .toBuffer(),
  );

const side = fc.integer({ min: 1, max: 40 });

test('framed: a scaled image of one colour keeps its colour', () => {
  fc.assert(
    fc.property(
      side,
      side,
      side,
      side,
      fc.integer({ min: 0, max: 255 }),
      (height, width, toHeight, toWidth, level) => {
        const data = new Uint8Array(height * width * 3).fill(level);
        const frame = { height: toHeight, width: toWidth, fit: 'cover' as const };
        const out = framed({ height, width, channels: 3, data }, frame);
        expect([...out]).toEqual(new Array(toHeight * toWidth * 3).fill(level));
      },
    ),
  );
});

test('framed: scales with the weights of Pillow and cuts around the centre', () => {
  const grey = (...levels: number[]) => Uint8Array.from(levels.flatMap((level) => [level, level, level]));
  const one = (data: Uint8Array, width: number, to: { height: number; width: number }) => {
    const image = { height: data.length / 3 / width, width, channels: 3 as const, data };
    return [...framed(image, { ...to, fit: 'cover' })].filter((_, i) => i % 3 === 0);
  };
  // Half the size: weights 3/7, 3/7, 1/7 at the border of a row of four.
  const row = [0, 70, 140, 210];
  expect(one(grey(...row, ...row), 4, { height: 1, width: 2 })).toEqual([50, 160]);
  // As high as the frame already: only cut.
  expect(one(grey(10, 20, 30, 40), 4, { height: 1, width: 2 })).toEqual([20, 30]);
});

test('decodeOnThread: every kind of PNG, and JPEG', async () => {
  const exact = { height: 1, width: 2, fit: 'exact' as const };
  const decode = async (file: Uint8Array) => [...(await decodeOnThread([file], exact))];
  const size = { width: 2, height: 1 };
  const rgb = [1, 2, 3, 200, 100, 0];
  expect(await decode(encode({ ...size, channels: 3, data: Uint8Array.from(rgb) }))).toEqual(rgb);
  expect(await decode(encode({ ...size, channels: 1, data: Uint8Array.of(7, 9) }))).toEqual([
    7, 7, 7, 9, 9, 9,
  ]);
  const rgba = Uint8Array.of(1, 2, 3, 255, 200, 100, 0, 0);
  expect(await decode(encode({ ...size, channels: 4, data: rgba }))).toEqual([1, 2, 3, 255, 255, 255]);
  const deep = Uint16Array.of(0x0102, 0xff00);
  expect(await decode(encode({ ...size, channels: 1, depth: 16, data: deep }))).toEqual([
    1, 1, 1, 255, 255, 255,
  ]);
  const photo = await jpegOf(128, 2, 1);
  expect(imageSize(photo)).toEqual(size);
  for (const value of await decode(photo)) expect(Math.abs(value - 128)).toBeLessThanOrEqual(2);
  await expect(decode(png(1, 8))).rejects.toThrow(/8×8 pixels/);
  await expect(decode(photo.subarray(0, 60))).rejects.toThrow(/damaged/);
});

test('frameFor: the one size that images of several sizes are brought to', () => {
  const of = (...sizes: [number, number][]) => frameFor(sizes.map(([height, width]) => ({ height, width })));
  expect(of([28, 28], [28, 28])).toMatchObject({ height: 28, width: 28 });
  expect(of([300, 300], [300, 300])).toMatchObject({ height: 128, width: 128 });
  expect(of([300, 90], [70, 200])).toMatchObject({ height: 64, width: 64 });
  expect(of([20, 90], [70, 200])).toMatchObject({ height: 32, width: 32 });
});

test('imagenet-100: has a hundred different classes', () => {
  expect(new Set(datasetSources.get('imagenet-100').classes).size).toBe(100);
});

test('asStored: hides the EXIF orientation, by which browsers turn an image, and changes nothing else', async () => {
  const plain = await jpegOf(90, 8, 6);
  // Orientation 6: turn it by a quarter.
  const tiff = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];
  const exif = [0xff, 0xe1, 0, 8 + tiff.length, 0x45, 0x78, 0x69, 0x66, 0, 0, ...tiff];
  const turned = Uint8Array.from([...plain.subarray(0, 2), ...exif, ...plain.subarray(2)]);
  const before = turned.slice();
  const stored = asStored(turned);
  expect(turned).toEqual(before);
  const changed = [...stored.keys()].filter((at) => stored[at] !== turned[at]);
  expect(changed).toEqual([turned.findIndex((_, at) => turned[at] === 0x45 && turned[at + 1] === 0x78)]);
  expect(imageSize(stored)).toEqual({ height: 6, width: 8 });
  for (const file of [plain, png(0, 4), new Uint8Array()] as Uint8Array<ArrayBuffer>[])
    expect(asStored(file)).toBe(file);
});
