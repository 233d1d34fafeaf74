import { convertIndexedToRgb, type DecodedPng, decode as decodePng } from 'fast-png';
import { decode as decodeJpeg } from 'jpeg-js';
import { LetheError } from '../settings';
import { type DecodeImages, frameAll, type Pixels } from './decode';
import { imageFormat } from './image-header';

/** Images decoded between two looks at the clock of others: an event, a progress line, Ctrl-C. */
const AT_ONCE = 64;

/** Decodes in JavaScript, where there is no browser to do it. */
export const decodeInJs: DecodeImages = async (files, frame, signal) => {
  const out = new Uint8Array(files.length * frame.height * frame.width * 3);
  for (let from = 0; from < files.length; from += AT_ONCE) {
    signal?.throwIfAborted();
    const part = files.slice(from, from + AT_ONCE);
    out.set(
      frameAll(part.length, frame, (i) => decodeOne(part[i]!)),
      from * frame.height * frame.width * 3,
    );
    await new Promise((resolve) => setTimeout(resolve));
  }
  return out;
};

function decodeOne(file: Uint8Array): Pixels {
  const format = imageFormat(file);
  if (!format) throw new LetheError('An image is neither PNG nor JPEG.');
  try {
    return format === 'png'
      ? pixelsOfPng(decodePng(file))
      : { ...decodeJpeg(file, { useTArray: true }), channels: 4 };
  } catch (error) {
    throw new LetheError(`An image is damaged (${(error as Error).message}).`);
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
