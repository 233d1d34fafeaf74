import { LetheError } from '../../settings';
import { sizeOf } from '../../tensors';
import { printable } from '../../text';
import type { FileTensor } from '../checkpoints/format';
import { decodeElements, ELEMENT_BYTES, firstBeyond32 } from '../elements';
import { type Builders, latin1Bytes, StandIn } from './pickle';

/** An array of a pickle or an `.npy` file, in the values of `FileTensor`. */
export class PickledArray implements FileTensor {
  dtype = '';
  shape: number[] = [];
  /** Row-major or, with `fortran`, column-major. Big-endian elements have been turned round. */
  private raw: Uint8Array = new Uint8Array();
  private fortran = false;
  /** Of an array of Python's objects: what it holds, instead of numbers. */
  objects: unknown[] | undefined;

  /** How NumPy restores an array: version, shape, type, order, bytes. */
  __setstate__(state: unknown): void {
    if (!Array.isArray(state)) return;
    const [, shape, type, fortran, raw] = state;
    this.fill(shape, type, raw, fortran === true);
  }

  fill(shape: unknown, type: unknown, raw: unknown, fortran: boolean): this {
    if (Array.isArray(raw)) this.objects = raw;
    const bytes = typeof raw === 'string' ? latin1Bytes(raw) : raw;
    if (!(type instanceof PickledType) || !(bytes instanceof Uint8Array) || !isShape(shape)) return this;
    this.dtype = type.dtype;
    this.shape = shape;
    this.raw = type.bigEndian ? swapped(bytes, ELEMENT_BYTES[type.dtype] ?? 1) : bytes;
    this.fortran = fortran && shape.length > 1;
    return this;
  }

  async read(called = 'An array in it') {
    if (!ELEMENT_BYTES[this.dtype])
      throw new LetheError(
        holdsNumbers(this)
          ? `${called} has the type ${this.dtype || 'object'}, which Lethe does not read.`
          : `${called} holds ${this.dtype} and no numbers.`,
      );
    // Bytes stay where they are: other elements need a copy that begins at their width.
    const raw = this.dtype === 'U8' || this.dtype === 'BOOL' ? this.raw : new Uint8Array(this.raw);
    const data = decodeElements(this.dtype, raw);
    if (data === 'too large') {
      const { at, value } = firstBeyond32(this.dtype, raw)!;
      const entry = this.fortran ? '' : ` (entry ${at + 1})`;
      throw new LetheError(`${called} holds ${value}${entry}, which 32 bits do not hold.`);
    }
    if (data?.length !== sizeOf(this.shape))
      throw new LetheError(`${called} is damaged: it has not as many elements as its shape says.`);
    if (!this.fortran) return data;
    const strides = this.shape.map((_, axis) => sizeOf(this.shape.slice(0, axis)));
    return gatherStrided(data, 0, this.shape, strides);
  }
}

export const isShape = (shape: unknown): shape is number[] =>
  Array.isArray(shape) && shape.every((side) => Number.isSafeInteger(side) && side >= 0);

function swapped(bytes: Uint8Array, width: number): Uint8Array {
  const turned = new Uint8Array(bytes.length);
  for (let at = 0; at < bytes.length; at++) {
    const within = at % width;
    turned[at - within + (width - 1 - within)] = bytes[at]!;
  }
  return turned;
}

/** Elements of a view of an array, row-major. @param strides in elements, one per axis of `shape` */
export function gatherStrided<Values extends Float32Array | Int32Array | Uint8Array>(
  data: Values,
  offset: number,
  shape: readonly number[],
  strides: readonly number[],
): Values {
  const size = sizeOf(shape);
  const view = new (data.constructor as new (length: number) => Values)(size);
  const index = new Array<number>(shape.length).fill(0);
  let at = offset;
  for (let i = 0; i < size; i++) {
    view[i] = data[at]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      at -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return view;
}

/** NumPy's name of an element type: `<f8`. */
class PickledType {
  /** As safetensors names it; of a type that is not read NumPy's name, or what it holds instead of numbers. */
  dtype: string;
  bigEndian: boolean;

  constructor(text: unknown) {
    const known = parseNumpyType(String(text));
    const { dtype, bigEndian } = known ?? { dtype: unreadType(String(text)), bigEndian: false };
    this.dtype = dtype;
    this.bigEndian = bigEndian;
  }

  /** Version, byte order, … */
  __setstate__(state: unknown): void {
    if (Array.isArray(state) && state[1] === '>') this.bigEndian = true;
  }
}

const KINDS: Readonly<Record<string, string>> = { f: 'F', i: 'I', u: 'U' };

/** The element type that safetensors would name; undefined for texts, objects and records. */
export function parseNumpyType(text: string): { dtype: string; bigEndian: boolean } | undefined {
  const [, order, kind, width] = /^([<>=|])?([fiub?])(\d*)$/.exec(text) ?? [];
  if (!kind) return undefined;
  const dtype = kind === 'b' || kind === '?' ? 'BOOL' : `${KINDS[kind]}${8 * Number(width)}`;
  return ELEMENT_BYTES[dtype] ? { dtype, bigEndian: order === '>' } : undefined;
}

/** What arrays hold that are not of numbers. */
const NOT_NUMBERS: Readonly<Record<string, string>> = {
  ...{ U: 'texts', S: 'texts', a: 'texts', T: 'texts' },
  ...{ V: 'records', O: 'objects', M: 'dates', m: 'durations' },
};
const NOT_READ: Readonly<Record<string, string>> = { f: 'float', c: 'complex', i: 'int', u: 'uint' };

/** What sentences call an element type that is not read: `complex128`, or `texts`. */
export function unreadType(text: string): string {
  const [, kind = '', width] = /^[<>=|]?([a-z])(\d*)/i.exec(text) ?? [];
  if (NOT_READ[kind]) return `${NOT_READ[kind]}${8 * Number(width)}`;
  return NOT_NUMBERS[kind] ?? printable(text, 40);
}

/** Whether an array is of numbers, be it of a type that is read or not. */
export const holdsNumbers = ({ dtype }: Pick<FileTensor, 'dtype'>): boolean =>
  !Object.values(NOT_NUMBERS).includes(dtype);

/** A number that NumPy wrapped. */
function scalar(type: unknown, stored: unknown): unknown {
  const raw = typeof stored === 'string' ? latin1Bytes(stored) : stored;
  if (!(type instanceof PickledType) || !(raw instanceof Uint8Array)) return undefined;
  const bytes = type.bigEndian ? swapped(raw, raw.length) : raw;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (type.dtype === 'F64' && bytes.length === 8) return view.getFloat64(0, true);
  const values = decodeElements(type.dtype, new Uint8Array(bytes));
  return values === 'too large' ? Number(firstBeyond32(type.dtype, bytes)!.value) : values?.[0];
}

/** What NumPy's pickles call. */
export const NUMPY: Builders = {
  'numpy.core.multiarray._reconstruct': () => new PickledArray(),
  'numpy.core.multiarray.scalar': scalar,
  'numpy.core.numeric._frombuffer': (raw, type, shape, order) =>
    new PickledArray().fill(shape, type, raw, order === 'F'),
  'numpy.ndarray': () => new PickledArray(),
  'numpy.dtype': (text) => new PickledType(text),
};

/** Whether a pickle's value is an array or tensor. */
export function isTensor(value: unknown): value is FileTensor {
  return (
    typeof value === 'object' &&
    value !== null &&
    !(value instanceof StandIn) &&
    !(value instanceof PickledArray && value.objects) &&
    'dtype' in value &&
    'read' in value
  );
}

/** An array by NumPy's name of its type. @param raw its elements, column-major with `fortran` */
export function arrayOf(shape: number[], type: string, raw: Uint8Array, fortran: boolean): FileTensor {
  return new PickledArray().fill(shape, new PickledType(type), raw, fortran);
}
