import { Unzlib } from 'fflate';
import { unpackedLimit } from '../../ranges';
import { LetheError } from '../../settings';
import { tooMuchInside } from '../unpacked';

/** A numeric array of a MAT-file, in MATLAB's column-major order. */
export interface MatArray {
  dims: number[];
  data: ArrayLike<number>;
}

/** MAT-file format, version 5: the element types used here. */
const COMPRESSED = 15;
const MATRIX = 14;
const HEADER_BYTES = 128;
/** The header ends with the version and the letters that show the order of bytes. */
const VERSION_AT = 124;
const VERSION_5 = 0x4d490100;
const NUMERIC: Record<number, (bytes: ArrayBuffer) => ArrayLike<number>> = {
  1: (bytes) => new Int8Array(bytes),
  2: (bytes) => new Uint8Array(bytes),
  3: (bytes) => new Int16Array(bytes),
  4: (bytes) => new Uint16Array(bytes),
  5: (bytes) => new Int32Array(bytes),
  6: (bytes) => new Uint32Array(bytes),
  7: (bytes) => new Float32Array(bytes),
  9: (bytes) => new Float64Array(bytes),
};

interface Element {
  type: number;
  bytes: Uint8Array;
  /** Where the next element begins. */
  next: number;
}

/**
 * The numeric arrays of a MAT-file of version 5 (MATLAB's `save -v7` and earlier, SciPy's `savemat`), by name.
 * @throws LetheError when the file is cut off or not of that kind.
 */
export function readMatFile(file: Uint8Array, name: string): Record<string, MatArray> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < HEADER_BYTES || view.getUint32(VERSION_AT, true) !== VERSION_5)
    throw new LetheError(`${name} is not a little-endian MAT-file of version 5 (save it with -v7).`);
  const arrays: [string, MatArray][] = [];
  try {
    for (let at = HEADER_BYTES; at < file.length; ) {
      const element = readElement(file, at);
      // Compressed elements are not padded to 8 bytes; all others are.
      at = element.type === COMPRESSED ? at + 8 + element.bytes.length : element.next;
      const matrix =
        element.type === COMPRESSED ? readElement(unpackElement(element.bytes, name), 0) : element;
      const named = matrix.type === MATRIX ? readMatrix(matrix.bytes) : undefined;
      if (named) arrays.push(named);
    }
  } catch (error) {
    if (error instanceof LetheError) throw error;
    throw new LetheError(`${name} is damaged or cut off.`);
  }
  return Object.fromEntries(arrays);
}

/** @throws RangeError when it does not fit into `bytes`. */
function readElement(bytes: Uint8Array, at: number): Element {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tag = view.getUint32(at, true);
  // A small element has its size in the upper half of its first word and its data in the second.
  const small = tag >>> 16;
  const type = small ? tag & 0xffff : tag;
  const length = small || view.getUint32(at + 4, true);
  const from = at + (small ? 4 : 8);
  if (from + length > bytes.length || (small && length > 4)) throw new RangeError('cut off');
  const next = small ? at + 8 : from + Math.ceil(length / 8) * 8;
  return { type, bytes: bytes.subarray(from, from + length), next };
}

/** Bytes that are unpacked at once. */
const STEP = 65_536;

/**
 * A compressed element, which begins with its own size: that is all the space that it gets.
 * @throws LetheError when it announces more than is unpacked of a file of its size; RangeError when it is damaged
 */
function unpackElement(packed: Uint8Array, name: string): Uint8Array {
  const limit = Math.min(unpackedLimit(packed.length), 2 ** 31 - 1);
  let unpacked: Uint8Array | undefined;
  let at = 0;
  const take = (piece: Uint8Array) => {
    if (!unpacked) {
      if (piece.length < 8) throw new RangeError('cut off');
      const size = 8 + new DataView(piece.buffer, piece.byteOffset).getUint32(4, true);
      if (size > limit) throw tooMuchInside(name, limit);
      unpacked = new Uint8Array(size);
    }
    if (at + piece.length > unpacked.length) throw new RangeError('more than announced');
    unpacked.set(piece, at);
    at += piece.length;
  };
  const stream = new Unzlib((piece) => piece.length > 0 && take(piece));
  for (let from = 0; from < packed.length; from += STEP)
    stream.push(packed.subarray(from, from + STEP), from + STEP >= packed.length);
  if (!unpacked || at < unpacked.length) throw new RangeError('cut off');
  return unpacked;
}

/** A matrix with its name; undefined where it is not numeric: a structure, a cell array, a text. */
function readMatrix(bytes: Uint8Array): [string, MatArray] | undefined {
  const flags = readElement(bytes, 0);
  const dims = readElement(bytes, flags.next);
  const name = readElement(bytes, dims.next);
  if (name.next >= bytes.length) return undefined;
  const real = readElement(bytes, name.next);
  const read = NUMERIC[real.type];
  if (!read) return undefined;
  const sizes = [...new Int32Array(new Uint8Array(dims.bytes).buffer)];
  const data = read(new Uint8Array(real.bytes).buffer);
  if (data.length !== sizes.reduce((product, size) => product * size, 1)) throw new RangeError('cut off');
  return [new TextDecoder('latin1').decode(name.bytes), { dims: sizes, data }];
}
