import { isPickle } from '../../nn/checkpoints/plain-pickle';
import { isTorchLegacy } from '../../nn/checkpoints/torch-legacy';
import type { IndexListFormat } from './index-list';

export const pickle: IndexListFormat = {
  id: 'pickle',
  label: 'pickle',
  explanation:
    'What pickle.dump writes of lists, sets, ranges, arrays and tensors, and torch.save before 1.6; nothing in it is run.',
  reference: 'docs.python.org/3/library/pickle',
  settings: [],
  listed: '.pkl',
  extensions: ['.pkl', '.pickle'],
  // Protocols 0 and 1 have no mark of their own: a list, a dictionary, a name or a tuple of whole numbers at the beginning.
  recognises: (start) =>
    isPickle(start) ||
    /^(\(l?p\d|\(d?p\d|\]q|\}q|c[\w.]+\n\w+\n|\([IL]-?\d+L?\n)/.test(String.fromCharCode(...start)),
  async read(file) {
    const [{ unpicklePlain }, { unpickleTorchLegacy }, { listsOf }] = await Promise.all([
      import('../../nn/readers/plain-pickle'),
      import('../../nn/readers/torch-legacy'),
      import('./lists-of'),
    ]);
    const isLegacy = isTorchLegacy(new Uint8Array(await file.slice(0, Math.min(16, file.byteLength))));
    return listsOf((await (isLegacy ? unpickleTorchLegacy(file) : unpicklePlain(file))).value);
  },
};
