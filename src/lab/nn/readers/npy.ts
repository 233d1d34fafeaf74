import { LetheError } from '../../settings';
import { sizeOf } from '../../tensors';
import type { FileTensor } from '../checkpoints/format';
import { ELEMENT_BYTES } from '../elements';
import { arrayOf, parseNumpyType } from './arrays';
import { unpickle } from './pickle';
import { TORCH } from './torch';

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

export const isNpy = (start: Uint8Array): boolean => MAGIC.every((byte, i) => start[i] === byte);

const damaged = () => new LetheError('This NumPy file is damaged or cut off.');

/**
 * An array as `numpy.save` writes it; for an array of objects what was pickled in it.
 * @throws LetheError with one sentence when it is damaged or of a type that holds no numbers
 */
export function parseNpy(bytes: Uint8Array): FileTensor | { pickled: unknown } {
  if (!isNpy(bytes) || bytes.length < 12) throw damaged();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wide = bytes[6]! >= 2;
  const from = wide ? 12 : 10;
  const end = from + (wide ? view.getUint32(8, true) : view.getUint16(8, true));
  if (end > bytes.length) throw damaged();
  const header = new TextDecoder().decode(bytes.subarray(from, end));
  const type = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  const sides = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1];
  if (sides === undefined) throw damaged();
  const shape = sides
    .split(',')
    .map((side) => side.trim())
    .filter((side) => side !== '')
    .map((side) => Number(side.replace(/L$/, '')));
  if (!shape.every((side) => Number.isSafeInteger(side) && side >= 0)) throw damaged();
  if (type === '|O') return { pickled: unpickle(bytes.subarray(end), TORCH).value };
  const known = type === undefined ? undefined : parseNumpyType(type);
  if (!known) throw new LetheError('This NumPy array holds no numbers, but texts or records.');
  const raw = bytes.subarray(end, end + sizeOf(shape) * ELEMENT_BYTES[known.dtype]!);
  if (raw.length < sizeOf(shape) * ELEMENT_BYTES[known.dtype]!) throw damaged();
  return arrayOf(shape, type!, raw, /'fortran_order':\s*True/.test(header));
}
