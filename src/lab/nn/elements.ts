import { PIECE_BYTES } from '../ranges';

/** The element types that Lethe writes and computes with. */
export type StoredArray = Float32Array | Int32Array | Uint8Array;

/** Bytes of an element, by the name that safetensors gives its type. */
export const ELEMENT_BYTES: Readonly<Record<string, number>> = {
  ...{ BOOL: 1, U8: 1, I8: 1, U16: 2, I16: 2, U32: 4, I32: 4, U64: 8, I64: 8 },
  ...{ F16: 2, BF16: 2, F32: 4, F64: 8 },
};

/** Whether its elements are whole numbers or truth values. */
export const isWholeType = (dtype: string): boolean => /^(BOOL|[IU]\d+)$/.test(dtype);

/**
 * Little-endian elements as numbers: floats of any width as float32, whole numbers as int32, bytes as they are.
 * @param bytes a fresh copy, so that its buffer is aligned
 * @returns `too large` where 32 bits do not hold a whole number: cut, it could pass for a label; undefined for a type that is not
 * read, and for bytes that are no whole number of elements
 */
export function decodeElements(dtype: string, bytes: Uint8Array): StoredArray | 'too large' | undefined {
  const width = ELEMENT_BYTES[dtype];
  if (!width || bytes.length % width !== 0) return undefined;
  const buffer = bytes.buffer as ArrayBuffer;
  switch (dtype) {
    case 'F32':
      return new Float32Array(buffer);
    case 'I32':
      return new Int32Array(buffer);
    case 'U8':
    case 'BOOL':
      return bytes;
    case 'I8':
      return Int32Array.from(new Int8Array(buffer));
    case 'I16':
      return Int32Array.from(new Int16Array(buffer));
    case 'U16':
      return Int32Array.from(new Uint16Array(buffer));
    case 'U32': {
      const wide = new Uint32Array(buffer);
      return wide.some((value) => value > 0x7fffffff) ? 'too large' : Int32Array.from(wide);
    }
    case 'I64':
    case 'U64': {
      const long = dtype === 'I64' ? new BigInt64Array(buffer) : new BigUint64Array(buffer);
      if (long.some((value) => value !== BigInt.asIntN(32, value))) return 'too large';
      return Int32Array.from(long as BigInt64Array, Number);
    }
    case 'F64':
      return Float32Array.from(new Float64Array(buffer));
    case 'BF16': {
      const words = new Uint16Array(buffer);
      return new Float32Array(Uint32Array.from(words, (word) => word << 16).buffer);
    }
    default:
      return Float32Array.from(new Uint16Array(buffer), halfToFloat);
  }
}

/** The first of whole numbers (little-endian) that 32 bits do not hold: why `decodeElements` says `too large`. */
export function firstBeyond32(dtype: string, bytes: Uint8Array): { at: number; value: bigint } | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const width = ELEMENT_BYTES[dtype] ?? 8;
  const read = { U32: 'getUint32', I64: 'getBigInt64', U64: 'getBigUint64' } as const;
  const get = read[dtype as keyof typeof read];
  for (let at = 0; get && (at + 1) * width <= bytes.length; at++) {
    const value = BigInt(view[get](at * width, true));
    if (value !== BigInt.asIntN(32, value)) return { at, value };
  }
  return undefined;
}

/**
 * Elements that lie side by side, in pieces of some megabytes: a tensor of gigabytes is then not held beside what is made of it.
 * @param bytes of all of them
 * @param read elements of the bytes from `from` to before `to`
 */
export async function* elementPieces(
  bytes: number,
  read: (from: number, to: number) => Promise<StoredArray>,
): AsyncGenerator<StoredArray> {
  for (let from = 0; from < bytes; from += PIECE_BYTES) yield read(from, Math.min(bytes, from + PIECE_BYTES));
}

function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 31;
  const fraction = half & 0x3ff;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -14 * (fraction / 1024));
}
