import { BadImage, type Pixels } from './pixels';

/** Compressions of BMP's header. */
const PLAIN = 0;
const BITFIELDS = [3, 6];

/**
 * Decodes a BMP as Pillow does: 1, 4 or 8 bits with a palette, 16, 24 or 32 bits of colour, rows from the bottom or the top. The fourth
 * byte of 32 bits is alpha only where the header says so.
 * @throws BadImage when it is compressed, or cut off.
 */
export function decodeBmp(file: Uint8Array): Pixels {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  try {
    return readBmp(file, view);
  } catch (error) {
    if (error instanceof RangeError) throw new BadImage('is damaged or cut off');
    throw error;
  }
}

function readBmp(file: Uint8Array, view: DataView): Pixels {
  const headerBytes = view.getUint32(14, true);
  const isOld = headerBytes === 12;
  const width = isOld ? view.getUint16(18, true) : view.getInt32(18, true);
  const signed = isOld ? view.getUint16(20, true) : view.getInt32(22, true);
  const height = Math.abs(signed);
  const bits = view.getUint16(isOld ? 24 : 28, true);
  const compression = isOld ? PLAIN : view.getUint32(30, true);
  const masked = BITFIELDS.includes(compression);
  if ((compression !== PLAIN && !masked) || ![1, 4, 8, 16, 24, 32].includes(bits))
    throw new BadImage('is a compressed BMP, which Lethe does not read: save it as PNG');
  const start = view.getUint32(10, true);
  const stride = Math.ceil((width * bits) / 32) * 4;
  if (start + stride * height > file.length) throw new BadImage('is damaged or cut off');
  const rowOf = (y: number) => start + stride * (signed > 0 ? height - 1 - y : y);
  if (bits <= 8) {
    const entry = isOld ? 3 : 4;
    const palette = 14 + headerBytes;
    const data = new Uint8Array(height * width * 3);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const byte = file[rowOf(y) + ((x * bits) >> 3)]!;
        const index = (byte >> (8 - bits - ((x * bits) & 7))) & (2 ** bits - 1);
        for (let c = 0; c < 3; c++)
          data[3 * (y * width + x) + c] = view.getUint8(palette + index * entry + 2 - c);
      }
    return { height, width, channels: 3, data };
  }
  const masks = masked
    ? [54, 58, 62, 66].map((at) => (at < 66 || headerBytes >= 56 ? view.getUint32(at, true) : 0))
    : bits === 16
      ? [0x7c00, 0x3e0, 0x1f, 0]
      : [0xff0000, 0xff00, 0xff, 0];
  const channels = masks[3] === 0 ? 3 : 4;
  const scale = masks.slice(0, channels).map(levelsOf);
  const data = new Uint8Array(height * width * channels);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = rowOf(y) + (x * bits) / 8;
      const value =
        bits === 16
          ? view.getUint16(at, true)
          : bits === 32
            ? view.getUint32(at, true)
            : view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
      for (let c = 0; c < channels; c++) data[channels * (y * width + x) + c] = scale[c]!(value);
    }
  return { height, width, channels, data };
}

/** The bits of a pixel under a mask as a level from 0 to 255. */
function levelsOf(mask: number): (value: number) => number {
  if (mask === 0) return () => 0;
  const shift = 31 - Math.clz32(mask & -mask);
  const most = mask >>> shift;
  return (value) => Math.floor((((value & mask) >>> shift) * 255) / most);
}
