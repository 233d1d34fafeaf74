import type { CheckpointFormat } from './format';
import { isSafetensors } from './safetensors';
import { isTorchLegacy } from './torch-legacy';

/**
 * A pickle of protocol 2 to 5 begins with its protocol. So does a safetensors file whose header has a length that ends in the same two
 * bytes, such as 640.
 */
export function isPickle(start: Uint8Array): boolean {
  return start[0] === 0x80 && start[1]! >= 2 && start[1]! <= 5 && !isSafetensors(start);
}

export const plainPickle: CheckpointFormat = {
  id: 'pickle',
  label: 'pickle',
  explanation: 'NumPy arrays or tensors in dictionaries, as pickle.dump writes them; nothing in it is run.',
  reference: 'docs.python.org/3/library/pickle',
  settings: [],
  listed: '.pkl',
  extensions: ['.pkl', '.pickle'],
  recognises: (start) => isPickle(start) && !isTorchLegacy(start),
  async read(file) {
    const { readPlainPickle } = await import('../readers/plain-pickle');
    return readPlainPickle(file);
  },
};
