import type { IndexListFormat } from './index-list';

/** The name of a zip's first file, which begins with the zip. */
function firstName(start: Uint8Array): string {
  const length = (start[26] ?? 0) + 256 * (start[27] ?? 0);
  return String.fromCharCode(...start.subarray(30, 30 + length));
}

export const isNpz = (start: Uint8Array): boolean =>
  start[0] === 0x50 && start[1] === 0x4b && firstName(start).endsWith('.npy');

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
    const [{ parseNpy }, { zipEntries }, { listsOf }] = await Promise.all([
      import('../../nn/readers/npy'),
      import('../../nn/readers/zip-directory'),
      import('./lists-of'),
    ]);
    const arrays = (await zipEntries(file)).filter(({ name }) => name.endsWith('.npy'));
    const lists = arrays.map(async ({ name, bytes }) => {
      const array = parseNpy(await bytes());
      return listsOf('pickled' in array ? array.pickled : array, name.slice(0, -'.npy'.length));
    });
    return (await Promise.all(lists)).flat();
  },
};
