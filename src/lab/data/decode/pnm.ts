import { pnmHeader } from './image-header';
import { BadImage, type Pixels } from './pixels';

/**
 * Decodes PBM, PGM and PPM, as text or bytes. Levels of 16 bits keep their upper byte, others are scaled to 255.
 * @throws BadImage when it is cut off.
 */
export function decodePnm(file: Uint8Array): Pixels {
  const header = pnmHeader(file);
  if (!header || header.most < 1 || header.most > 65_535) throw new BadImage('is damaged or cut off');
  const { kind, height, width, most } = header;
  const channels = kind === 3 || kind === 6 ? 3 : 1;
  const count = height * width * channels;
  const level =
    most === 65_535 ? (value: number) => value >> 8 : (value: number) => Math.round((255 * value) / most);
  const values = kind === 4 ? bitsOf(file, header) : kind > 4 ? bytesOf(file, header) : textOf(file, header);
  const isBitmap = kind === 1 || kind === 4;
  const data = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const value = values(i);
    if (value === undefined || Number.isNaN(value)) throw new BadImage('is damaged or cut off');
    // In a bitmap 1 is black.
    data[i] = isBitmap ? 255 * (1 - value) : level(Math.min(value, most));
  }
  return { height, width, channels, data };
}

type Header = NonNullable<ReturnType<typeof pnmHeader>>;
type Values = (index: number) => number | undefined;

function bytesOf(file: Uint8Array, { pixels, most }: Header): Values {
  if (most < 256) return (i) => file[pixels + i];
  return (i) => file[pixels + 2 * i]! * 256 + file[pixels + 2 * i + 1]!;
}

function bitsOf(file: Uint8Array, { pixels, width }: Header): Values {
  const stride = Math.ceil(width / 8);
  return (i) => {
    const x = i % width;
    const byte = file[pixels + Math.floor(i / width) * stride + (x >> 3)];
    return byte === undefined ? undefined : (byte >> (7 - (x & 7))) & 1;
  };
}

function textOf(file: Uint8Array, { pixels, kind }: Header): Values {
  const text = new TextDecoder('latin1').decode(file.subarray(pixels - 1));
  // Digits of a bitmap may stand without spaces.
  const numbers = text.match(kind === 1 ? /[01]/g : /\d+/g) ?? [];
  return (i) => (numbers[i] === undefined ? undefined : Number(numbers[i]));
}
