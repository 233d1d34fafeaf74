import * as Comlink from 'comlink';
import { asStored } from '../src/lab/data/decode/as-stored';
import { type Decoded, decodeAll, type Frame } from '../src/lab/data/decode/decode';
import type { ImageType } from '../src/lab/data/decode/image-header';
import { BadImage, type Pixels } from '../src/lab/data/decode/pixels';

const canvas = new OffscreenCanvas(1, 1);
// Kept in main memory: a canvas on the graphics card may round colours.
const context = canvas.getContext('2d', { willReadFrequently: true })!;

/** The bytes as they are in the file: no colour management. */
async function pixelsOf(file: Uint8Array, { id, label }: ImageType): Promise<Pixels> {
  if (id === 'tiff')
    throw new BadImage('is a TIFF, which browsers do not read: use the command line, or save it as PNG');
  const bitmap = await createImageBitmap(new Blob([asStored(file as Uint8Array<ArrayBuffer>)]), {
    colorSpaceConversion: 'none',
    premultiplyAlpha: 'none',
  }).catch(() => {
    throw new BadImage(`is damaged, or a ${label} that this browser does not read`);
  });
  const { height, width } = bitmap;
  Object.assign(canvas, { height, width });
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return { height, width, channels: 4, data: context.getImageData(0, 0, width, height).data };
}

const decoder = {
  async decode(files: Uint8Array[], frame: Frame): Promise<Decoded> {
    const decoded = await decodeAll(files, frame, pixelsOf);
    return 'images' in decoded ? Comlink.transfer(decoded, [decoded.images.buffer]) : decoded;
  },
};

export type Decoder = typeof decoder;

Comlink.expose(decoder);
