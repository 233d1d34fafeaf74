import type { CheckpointFormat } from './format';

/** The name of a zip's first file, which begins with the zip. */
function firstName(start: Uint8Array): string {
  const length = (start[26] ?? 0) + 256 * (start[27] ?? 0);
  return String.fromCharCode(...start.subarray(30, 30 + length));
}

export const isNpz = (start: Uint8Array): boolean =>
  start[0] === 0x50 && start[1] === 0x4b && firstName(start).endsWith('.npy');

export const npz: CheckpointFormat = {
  id: 'npz',
  label: 'NumPy arrays',
  explanation: 'An array for each tensor, under its name; packed or not. Nothing in pickled arrays is run.',
  reference: 'numpy.savez, numpy.savez_compressed',
  settings: [],
  listed: '.npz',
  extensions: ['.npz'],
  recognises: isNpz,
  async read(file) {
    const { readNpz } = await import('../readers/npz');
    return readNpz(file);
  },
};
