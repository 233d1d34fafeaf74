import { convertIndexedToRgb, type DecodedPng, decode as decodePng } from 'fast-png';
import { decode as decodeJpeg } from 'jpeg-js';
import { BadImage, type Decoded, type DecodeImages, decodeAll, type Frame, type Pixels } from './decode';
import { decodePool } from './decode-pool';
import { type ImageType, imageFormat, imageTypesListed } from './image-header';

/** Decodes in JavaScript on the thread that calls it. Between two parts it lets others run: an event, a progress line, Ctrl-C. */
export const decodeInJs: DecodeImages = decodePool(
  () => ({
    async decode(files, frame) {
      await new Promise((resolve) => setTimeout(resolve));
      return decodeFiles(files, frame);
    },
    end: () => {},
  }),
  1,
);

/** Decodes in JavaScript, where there is no browser to do it. */
export function decodeFiles(files: Uint8Array[], frame: Frame): Promise<Decoded> {
  return decodeAll(files, frame, decodeOne);
}

const DECODERS: Record<ImageType['id'], (file: Uint8Array) => Pixels> = {
  png: (file) => pixelsOfPng(decodePng(file)),
  jpeg: (file) => ({ ...decodeJpeg(file, { useTArray: true }), channels: 4 }),
};

function decodeOne(file: Uint8Array): Pixels {
  const format = imageFormat(file);
  if (!format) throw new BadImage(`is neither ${imageTypesListed('nor')}`);
  try {
    return DECODERS[format](file);
  } catch (error) {
    throw new BadImage(`is damaged (${(error as Error).message})`);
  }
}

function pixelsOfPng(png: DecodedPng): Pixels {
  const { height, width, depth } = png;
  if (png.palette || depth < 8) {
    // Grey of 1, 2 or 4 bits is packed like a palette's indices.
    const palette = png.palette ?? greys(depth);
    const channels = palette[0]!.length as 3 | 4;
    return { height, width, channels, data: convertIndexedToRgb({ ...png, palette }) };
  }
  const bytes = depth === 16 ? Uint8Array.from(png.data, (value) => value >> 8) : (png.data as Uint8Array);
  if (png.channels >= 3) return { height, width, channels: png.channels as 3 | 4, data: bytes };
  const data = new Uint8Array(height * width * 4);
  for (let i = 0; i < height * width; i++) {
    data.fill(bytes[i * png.channels]!, 4 * i, 4 * i + 3);
    data[4 * i + 3] = png.channels === 2 ? bytes[2 * i + 1]! : 255;
  }
  return { height, width, channels: 4, data };
}

function greys(depth: number): [number, number, number][] {
  const most = 2 ** depth - 1;
  return Array.from({ length: most + 1 }, (_, i) => {
    const level = Math.round((255 * i) / most);
    return [level, level, level];
  });
}
