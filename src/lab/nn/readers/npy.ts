import { LetheError } from '../../settings';
import { sizeOf } from '../../tensors';
import type { FileTensor } from '../checkpoints/format';
import { ELEMENT_BYTES, elementPieces } from '../elements';
import { arrayOf, parseNumpyType, unreadType } from './arrays';
import { unpickle } from './pickle';
import { TORCH } from './torch';
import type { ZipEntry } from './zip-directory';

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

const isNpy = (start: Uint8Array): boolean => MAGIC.every((byte, i) => start[i] === byte);

const damaged = () => new LetheError('This NumPy file is damaged or cut off.');

/** What stands before the elements of an array of numbers. */
interface NpyHead {
  shape: number[];
  /** NumPy's name: `<f4`. */
  type: string;
  /** As safetensors names it; of a type that is not read as `unreadType` does. */
  dtype: string;
  fortran: boolean;
  /** Where the elements begin and end, in bytes. */
  from: number;
  end: number;
}

/**
 * Reads how an array is stored.
 * @param bytes the file, or its beginning with the whole head
 * @returns for an array of objects only where it begins
 */
function parseHead(bytes: Uint8Array): NpyHead | { objectsAt: number } {
  if (!isNpy(bytes) || bytes.length < 12) throw damaged();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wide = bytes[6]! >= 2;
  const at = wide ? 12 : 10;
  const from = at + (wide ? view.getUint32(8, true) : view.getUint16(8, true));
  if (from > bytes.length) throw damaged();
  const header = new TextDecoder().decode(bytes.subarray(at, from));
  const type = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  const sides = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1];
  if (sides === undefined) throw damaged();
  const shape = sides
    .split(',')
    .map((side) => side.trim())
    .filter((side) => side !== '')
    .map((side) => Number(side.replace(/L$/, '')));
  if (!shape.every((side) => Number.isSafeInteger(side) && side >= 0)) throw damaged();
  if (type === '|O') return { objectsAt: from };
  // Records have a list of fields for a type.
  const named = type ?? '|V';
  const dtype = parseNumpyType(named)?.dtype ?? unreadType(named);
  const end = from + sizeOf(shape) * (ELEMENT_BYTES[dtype] ?? 0);
  return { shape, type: named, dtype, fortran: /'fortran_order':\s*True/.test(header), from, end };
}

/**
 * An array as `numpy.save` writes it; for an array of objects what was pickled in it. One of a type that is not read is there, and says so
 * when its elements are asked for.
 * @throws LetheError with one sentence when it is damaged
 */
export function parseNpy(bytes: Uint8Array): FileTensor | { pickled: unknown } {
  const head = parseHead(bytes);
  if ('objectsAt' in head) return { pickled: unpickle(bytes.subarray(head.objectsAt), TORCH).value };
  if (head.end > bytes.length) throw damaged();
  return arrayOf(head.shape, head.type, bytes.subarray(head.from, head.end), head.fortran);
}

/** No head of an array of numbers is longer. */
const HEAD_BYTES = 65_536;

/** `parseNpy` of a file in a zip, of which an array's elements are read when they are asked for. */
export async function openNpy({ size, at, bytes }: ZipEntry): Promise<FileTensor | { pickled: unknown }> {
  const head = parseHead(await bytes(0, Math.min(size, HEAD_BYTES)));
  if ('objectsAt' in head) return parseNpy(await bytes());
  const { shape, type, dtype, fortran, from, end } = head;
  if (end > size) throw damaged();
  const part = async (first: number, last: number, sides: number[], called?: string) =>
    arrayOf(sides, type, await bytes(from + first, from + last), fortran).read(called);
  const width = ELEMENT_BYTES[dtype];
  const read = (called?: string) => part(0, end - from, shape, called);
  if (fortran || !width) return { dtype, shape, at, read };
  const pieces = (called?: string) =>
    elementPieces(end - from, (first, last) => part(first, last, [(last - first) / width], called));
  return { dtype, shape, at, read, pieces };
}
