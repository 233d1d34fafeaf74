import { isNpz } from '../../nn/checkpoints/npz';
import { LetheError } from '../../settings';
import type { IndexListFormat, RawList } from './index-list';

export const npz: IndexListFormat = {
  id: 'npz',
  label: 'NumPy arrays',
  explanation: 'Several arrays by name; with a list to forget and one to retain, each option takes its own.',
  reference: 'numpy.savez, numpy.savez_compressed',
  settings: [],
  listed: '.npz',
  extensions: ['.npz'],
  recognises: isNpz,
  async read(file) {
    const [{ openNpy }, { boundedZipEntries }, { listsOf }] = await Promise.all([
      import('../../nn/readers/npy'),
      import('../../nn/readers/zip-directory'),
      import('./lists-of'),
    ]);
    const arrays = (await boundedZipEntries(file)).filter(({ name }) => name.endsWith('.npy'));
    const lists = arrays.map(async (entry): Promise<RawList[]> => {
      const name = entry.name.slice(0, -'.npy'.length);
      try {
        const array = await openNpy(entry);
        return listsOf('pickled' in array ? array.pickled : array, name);
      } catch (error) {
        if (!(error instanceof LetheError)) throw error;
        return [{ name, entries: () => Promise.reject(error) }];
      }
    });
    return (await Promise.all(lists)).flat();
  },
};
