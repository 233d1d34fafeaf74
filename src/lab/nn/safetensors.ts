import { LetheError } from '../settings';
import { sizeOf } from '../tensors';

/** The element types Lethe reads and writes. */
export type StoredArray = Float32Array | Int32Array | Uint8Array;

export interface StoredTensor {
  shape: number[];
  data: StoredArray;
}

const ARRAYS = { F32: Float32Array, I32: Int32Array, U8: Uint8Array } as const;
type DType = keyof typeof ARRAYS;

function dtypeOf(data: StoredArray): DType {
  if (data instanceof Float32Array) return 'F32';
  return data instanceof Int32Array ? 'I32' : 'U8';
}

/** A little-endian view of a typed array's bytes; every platform that WebGPU runs on is little-endian. */
function bytesOf(data: StoredArray): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/**
 * Writes a safetensors file: u64 header length, JSON header padded with spaces to 8 bytes, raw data. Tensors keep their
 * order; equal input gives equal bytes.
 */
export function encodeSafetensors(
  tensors: Record<string, StoredTensor>,
  metadata?: Record<string, string>,
): Uint8Array {
  // Collected as entries, because assigning a tensor named `__proto__` to an object would be lost.
  const header: [string, unknown][] = metadata ? [['__metadata__', metadata]] : [];
  // Widest types first keep every tensor aligned to its element size without padding between them.
  const names = Object.keys(tensors).sort(
    (a, b) => tensors[b]!.data.BYTES_PER_ELEMENT - tensors[a]!.data.BYTES_PER_ELEMENT,
  );
  let offset = 0;
  for (const name of names) {
    const { shape, data } = tensors[name]!;
    header.push([name, { dtype: dtypeOf(data), shape, data_offsets: [offset, offset + data.byteLength] }]);
    offset += data.byteLength;
  }
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const head = new Uint8Array(Math.ceil(text.length / 8) * 8).fill(0x20);
  head.set(text);
  const file = new Uint8Array(8 + head.length + offset);
  new DataView(file.buffer).setBigUint64(0, BigInt(head.length), true);
  file.set(head, 8);
  let at = 8 + head.length;
  for (const name of names) {
    file.set(bytesOf(tensors[name]!.data), at);
    at += tensors[name]!.data.byteLength;
  }
  return file;
}

const unreadable = (why: string) => new LetheError(`This is not a readable safetensors file: ${why}.`);

/** Where a tensor lies in its file. */
export interface TensorPlace {
  dtype: string;
  shape: number[];
  /** Its bytes, from `from` to before `to`. */
  from: number;
  to: number;
}

/**
 * Finds the tensors of a safetensors file by its beginning.
 * @param file at least the header, which begins with its length.
 * @throws LetheError with one sentence when the header is cut off or malformed.
 */
export function locateTensors(file: Uint8Array): Map<string, TensorPlace> {
  if (file.length < 8) throw unreadable('it is shorter than its header');
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const headLength = Number(view.getBigUint64(0, true));
  if (headLength > file.length - 8) throw unreadable('its header is cut off');
  let header: Record<string, unknown>;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(file.subarray(8, 8 + headLength)));
  } catch {
    throw unreadable('its header is not JSON');
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header))
    throw unreadable('its header is not an object');
  const body = 8 + headLength;
  const places = new Map<string, TensorPlace>();
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const entry = parseHeaderEntry(value);
    if (!entry) throw unreadable(`the entry of "${name}" is malformed`);
    const [from, to] = entry.offsets;
    places.set(name, { dtype: entry.dtype, shape: entry.shape, from: body + from, to: body + to });
  }
  return places;
}

/**
 * Reads a safetensors file. F16, BF16 and F64 become float32, I64 becomes int32.
 * @throws LetheError with one sentence when the file is truncated, inconsistent or of an unknown type.
 */
export function decodeSafetensors(file: Uint8Array): Record<string, StoredTensor> {
  const tensors: [string, StoredTensor][] = [];
  for (const [name, { dtype, shape, from, to }] of locateTensors(file)) {
    if (to > file.length) throw unreadable(`the data of "${name}" is cut off`);
    // Copied, because typed arrays need aligned data. `slice` of Node's Buffer would not copy.
    const data = readArray(dtype, new Uint8Array(file.subarray(from, to)));
    if (data === 'too large') throw unreadable(`"${name}" holds a number that 32 bits do not hold`);
    if (!data) throw unreadable(`"${name}" has the type ${dtype}, which Lethe does not read`);
    if (data.length !== sizeOf(shape)) throw unreadable(`the data of "${name}" does not fill its shape`);
    tensors.push([name, { shape, data }]);
  }
  return Object.fromEntries(tensors);
}

function parseHeaderEntry(
  value: unknown,
): { dtype: string; shape: number[]; offsets: [number, number] } | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { dtype, shape, data_offsets: offsets } = value as Record<string, unknown>;
  const whole = (item: unknown) => Number.isSafeInteger(item) && (item as number) >= 0;
  if (typeof dtype !== 'string' || !Array.isArray(shape) || !shape.every(whole)) return undefined;
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(whole) || offsets[0] > offsets[1])
    return undefined;
  return { dtype, shape, offsets: [offsets[0], offsets[1]] };
}

/** `bytes` is a fresh copy, so its buffer is aligned. */
function readArray(dtype: string, bytes: Uint8Array): StoredArray | 'too large' | undefined {
  const width = { F32: 4, I32: 4, U8: 1, BOOL: 1, F16: 2, BF16: 2, F64: 8, I64: 8 }[dtype];
  if (!width || bytes.length % width !== 0) return undefined;
  switch (dtype) {
    case 'F32':
      return new Float32Array(bytes.buffer);
    case 'I32':
      return new Int32Array(bytes.buffer);
    case 'U8':
    case 'BOOL':
      return bytes;
    case 'F64':
      return Float32Array.from(new Float64Array(bytes.buffer));
    case 'I64': {
      const long = new BigInt64Array(bytes.buffer);
      // A number that 32 bits do not hold is refused: cut, it could pass for a label.
      if (long.some((value) => value !== BigInt.asIntN(32, value))) return 'too large';
      return Int32Array.from(long, Number);
    }
    case 'BF16': {
      const words = new Uint16Array(bytes.buffer);
      return new Float32Array(Uint32Array.from(words, (word) => word << 16).buffer);
    }
    default:
      return Float32Array.from(new Uint16Array(bytes.buffer), halfToFloat);
  }
}

function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 31;
  const fraction = half & 0x3ff;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -14 * (fraction / 1024));
}
