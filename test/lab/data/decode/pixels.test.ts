import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { decodeOnThread } from '../../../../src/cli/decode-sharp';
import { imageSize, MOST_PIXELS } from '../../../../src/lab/data/decode/image-header';
import { pngOfSize } from '../../../support/data-files';
import { expectedImages, largestDifference } from '../../../support/expected-pixels';

/** Two decoders of AV1 spread its halved chroma differently; this file has whole chroma. */
const INEXACT: Record<string, number> = { 'a.avif': 1 };

describe.each(['cases/images', 'lab/data/decode/samples'])('%s', (folder) => {
  test.each(expectedImages(folder))('$name: the pixels that Pillow gives', async (image) => {
    const { name, file, height, width, pixels } = image;
    expect(imageSize(file)).toMatchObject({ height, width });
    const decoded = await decodeOnThread([file], { height, width, fit: 'exact' });
    expect(largestDifference(decoded, pixels)).toBeLessThanOrEqual(INEXACT[name] ?? 0);
  });
});

const small = { height: 8, width: 8, fit: 'cover' as const };

test('an image without pixels is refused, and one of more than Pillow takes, by what its header says', async () => {
  await expect(decodeOnThread([pngOfSize(0, 0)], small)).rejects.toThrow(/is damaged: it says .* 0×0 pixels/);
  await expect(decodeOnThread([pngOfSize(20_000, 20_000)], small)).rejects.toThrow(
    /An image has 20,000×20,000 pixels, but Lethe reads images of at most 178,956,970 pixels/,
  );
  expect(MOST_PIXELS).toBe(178_956_970);
});

test('a large photo is no damaged file', async () => {
  const [width, height] = [9000, 6000];
  const photo = await sharp({ create: { width, height, channels: 3, background: '#4080c0' } })
    .jpeg()
    .toBuffer();
  const decoded = await decodeOnThread([new Uint8Array(photo)], small);
  expect([...decoded.subarray(0, 3)]).toEqual([64, 128, 192]);
}, 60_000);

test('cut off files of every kind are damaged, not black', async () => {
  // Of these the first image lies before the cut.
  const severals = ['anim.gif', 'multi.tif'];
  const images = expectedImages('lab/data/decode/samples').filter(({ name }) => !severals.includes(name));
  for (const { name, file, height, width } of images) {
    const cut = file.subarray(0, Math.floor(file.length * 0.6));
    await expect(decodeOnThread([cut], { height, width, fit: 'exact' }), name).rejects.toThrow(
      /^An image (is damaged|is neither)/,
    );
  }
});

test('TIFF: places of 64 bits are read; numbers from 0 to 1 are refused, since levels of them are black', async () => {
  const pixels = new Uint8Array(8 * 8 * 3).map((_, i) => (i * 5) % 256);
  const raw = { raw: { width: 8, height: 8, channels: 3 as const } };
  const big = new Uint8Array(await sharp(pixels, raw).tiff({ bigtiff: true, compression: 'lzw' }).toBuffer());
  expect(imageSize(big)).toEqual({ height: 8, width: 8 });
  expect(await decodeOnThread([big], small)).toEqual(pixels);
  await expect(decodeOnThread([floatTiff(1)], small)).rejects.toThrow(/holds numbers from 0 to 1 instead/);
  expect([...(await decodeOnThread([floatTiff(200)], small)).subarray(0, 3)]).toEqual([200, 200, 200]);
});

/** A grey TIFF of 8×8 floats of one value. */
function floatTiff(value: number): Uint8Array {
  const tags = [
    [256, 8],
    [257, 8],
    [258, 32],
    [259, 1],
    [262, 1],
    [273, 8],
    [277, 1],
    [278, 8],
    [279, 256],
    [339, 3],
  ] as const;
  const file = new Uint8Array(8 + 256 + 2 + 12 * tags.length + 4);
  const view = new DataView(file.buffer);
  file.set([0x49, 0x49, 42, 0]);
  view.setUint32(4, 264, true);
  new Float32Array(file.buffer, 8, 64).fill(value);
  view.setUint16(264, tags.length, true);
  for (const [i, [tag, content]] of tags.entries()) {
    view.setUint16(266 + 12 * i, tag, true);
    view.setUint16(268 + 12 * i, 4, true);
    view.setUint32(270 + 12 * i, 1, true);
    view.setUint32(274 + 12 * i, content, true);
  }
  return file;
}
