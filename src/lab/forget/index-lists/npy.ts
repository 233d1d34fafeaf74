import { readRange } from '../../ranges';
import type { IndexListFormat } from './index-list';

export const npy: IndexListFormat = {
  id: 'npy',
  label: 'NumPy array',
  explanation: 'One axis of whole numbers, or of booleans for a mask.',
  reference: 'numpy.save',
  settings: [],
  listed: '.npy',
  extensions: ['.npy'],
  recognises: (start) => start[0] === 0x93 && String.fromCharCode(...start.subarray(1, 6)) === 'NUMPY',
  async read(file) {
    const [{ parseNpy }, { listsOf }] = await Promise.all([
      import('../../nn/readers/npy'),
      import('./lists-of'),
    ]);
    const array = parseNpy(await readRange(file, 0, file.byteLength));
    return listsOf('pickled' in array ? array.pickled : array);
  },
};
