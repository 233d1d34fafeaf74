import { isNpz } from '../../nn/checkpoints/npz';
import type { IndexListFormat } from './index-list';

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
    const [{ parseNpy }, { boundedZipEntries }, { listsOf }] = await Promise.all([
      import('../../nn/readers/npy'),
      import('../../nn/readers/zip-directory'),
      import('./lists-of'),
    ]);
    const arrays = (await boundedZipEntries(file)).filter(({ name }) => name.endsWith('.npy'));
    const lists = arrays.map(async ({ name, bytes }) => {
      const array = parseNpy(await bytes());
      return listsOf('pickled' in array ? array.pickled : array, name.slice(0, -'.npy'.length));
    });
    return (await Promise.all(lists)).flat();
  },
};
