import { isNpz } from '../../nn/checkpoints/npz';
import type { IndexListFormat } from './index-list';

export const torchZip: IndexListFormat = {
  id: 'torch-zip',
  label: 'torch.save',
  explanation: 'A tensor, a list, a dictionary of them or a Subset; nothing in it is run.',
  reference: 'PyTorch 1.6 and later',
  settings: [],
  listed: '.pt',
  extensions: ['.pt', '.pth'],
  recognises: (start) => start[0] === 0x50 && start[1] === 0x4b && !isNpz(start),
  async read(file) {
    const [{ unpickleTorchZip }, { listsOf }] = await Promise.all([
      import('../../nn/readers/torch-zip'),
      import('./lists-of'),
    ]);
    return listsOf((await unpickleTorchZip(file)).value);
  },
};
