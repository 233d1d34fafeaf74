import { LetheError } from '../settings';
import { sizeOf } from '../tensors';
import { printable } from '../text';
import { decodeElements, ELEMENT_BYTES, type StoredArray } from './elements';

export type { StoredArray } from './elements';

export interface StoredTensor {
  shape: number[];
  data: StoredArray;
}

type DType = 'F32' | 'I32' | 'U8';

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
  const kinds = Object.entries(tensors).map(([name, { shape, data }]) => ({
    name,
    shape,
    dtype: dtypeOf(data),
  }));
  const { file, places } = emptySafetensors(kinds, metadata);
  for (const [name, { data }] of Object.entries(tensors)) file.set(bytesOf(data), places.get(name)!.from);
  return file;
}

/** A safetensors file of zeros, and where its tensors lie, each aligned to its element size. */
export function emptySafetensors(
  tensors: readonly { name: string; shape: number[]; dtype: DType }[],
  metadata?: Record<string, string>,
): { file: Uint8Array; places: Map<string, { from: number; to: number }> } {
  // Collected as entries, because assigning a tensor named `__proto__` to an object would be lost.
  const header: [string, unknown][] = metadata ? [['__metadata__', metadata]] : [];
  const widthOf = (dtype: DType) => ELEMENT_BYTES[dtype]!;
  // Widest types first keep every tensor aligned to its element size without padding between them.
  const ordered = [...tensors].sort((a, b) => widthOf(b.dtype) - widthOf(a.dtype));
  const places = new Map<string, { from: number; to: number }>();
  let offset = 0;
  for (const { name, shape, dtype } of ordered) {
    const end = offset + widthOf(dtype) * sizeOf(shape);
    header.push([name, { dtype, shape, data_offsets: [offset, end] }]);
    places.set(name, { from: offset, to: end });
    offset = end;
  }
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const body = 8 + Math.ceil(text.length / 8) * 8;
  const file = new Uint8Array(body + offset);
  new DataView(file.buffer).setBigUint64(0, BigInt(body - 8), true);
  file.fill(0x20, 8, body);
  file.set(text, 8);
  for (const place of places.values()) {
    place.from += body;
    place.to += body;
  }
  return { file, places };
}

const unreadable = (why: string) => new LetheError(`This is not a readable safetensors file: ${why}.`);
const quoted = (name: string) => `"${printable(name)}"`;

/** The format allows no longer header. */
export const MOST_HEAD = 100_000_000;

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
  return parseHead(file).places;
}

/** `locateTensors`, and what the file says of itself. */
export function parseHead(file: Uint8Array): {
  places: Map<string, TensorPlace>;
  metadata: Record<string, string>;
} {
  if (file.length < 8) throw unreadable('it is shorter than its header');
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const headLength = Number(view.getBigUint64(0, true));
  if (headLength > MOST_HEAD) throw unreadable('its header has no possible length');
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
  const said = Object.entries(header.__metadata__ ?? {}).filter(([, value]) => typeof value === 'string');
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const entry = parseHeaderEntry(value);
    if (!entry) throw unreadable(`the entry of ${quoted(name)} is malformed`);
    const [from, to] = entry.offsets;
    places.set(name, { dtype: entry.dtype, shape: entry.shape, from: body + from, to: body + to });
  }
  return { places, metadata: Object.fromEntries(said) as Record<string, string> };
}

/** Why a tensor cannot be read from a file of so many bytes; undefined where it can. Types that are not read are no reason. */
export function misplacement(
  name: string,
  { dtype, shape, from, to }: TensorPlace,
  fileBytes: number,
): LetheError | undefined {
  if (to > fileBytes) return unreadable(`the data of ${quoted(name)} is cut off`);
  const width = ELEMENT_BYTES[dtype];
  if (width && to - from !== width * sizeOf(shape))
    return unreadable(`the data of ${quoted(name)} does not fill its shape`);
  return undefined;
}

/** The values of one tensor. @param bytes a fresh copy */
export function decodeTensor(name: string, dtype: string, bytes: Uint8Array): StoredArray {
  const data = decodeElements(dtype, bytes);
  if (data === 'too large') throw unreadable(`${quoted(name)} holds a number that 32 bits do not hold`);
  if (!data) throw unreadable(`${quoted(name)} has the type ${printable(dtype)}, which Lethe does not read`);
  return data;
}

/**
 * Reads a safetensors file. F16, BF16 and F64 become float32, I64 becomes int32.
 * @throws LetheError with one sentence when the file is truncated, inconsistent or of an unknown type.
 */
export function decodeSafetensors(file: Uint8Array): Record<string, StoredTensor> {
  const tensors: [string, StoredTensor][] = [];
  for (const [name, place] of locateTensors(file)) {
    const { dtype, shape, from, to } = place;
    const wrong = misplacement(name, place, file.length);
    if (wrong) throw wrong;
    // Copied, because typed arrays need aligned data. `slice` of Node's Buffer would not copy.
    tensors.push([name, { shape, data: decodeTensor(name, dtype, new Uint8Array(file.subarray(from, to))) }]);
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
