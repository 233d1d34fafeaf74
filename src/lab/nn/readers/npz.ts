import type { Ranges } from '../../ranges';
import { LetheError } from '../../settings';
import type { FileTensor, TensorFile } from '../checkpoints/format';
import { holdsNumbers } from './arrays';
import { openNpy } from './npy';
import { tensorsOf } from './torch';
import { boundedZipEntries } from './zip-directory';

/** Arrays of Python's objects, as `numpy.savez(file, **{"state_dict": …})` makes of a dictionary, are taken apart. @throws LetheError where it is damaged */
export async function readNpz(file: Ranges): Promise<TensorFile> {
  const arrays = (await boundedZipEntries(file)).filter(({ name }) => name.endsWith('.npy'));
  const read = arrays.map(async (entry): Promise<[string, FileTensor][]> => {
    const array = await openNpy(entry);
    const { name } = entry;
    const place = name.slice(0, -'.npy'.length);
    // What is no numbers, such as the names of the classes, is no tensor.
    if (!('pickled' in array)) return holdsNumbers(array) ? [[place, array]] : [];
    return [...tensorsOf(array.pickled)].map(([inner, tensor]) => [`${place}.${inner}`, tensor]);
  });
  const tensors: TensorFile['tensors'] = new Map((await Promise.all(read)).flat());
  if (tensors.size === 0) throw new LetheError('There are no arrays of numbers in this file.');
  return { tensors, refersTo: [] };
}
