import type { CheckpointFormat } from './format';
import { isNpz } from './npz';

const isZip = (start: Uint8Array): boolean => start[0] === 0x50 && start[1] === 0x4b;

export const torchZip: CheckpointFormat = {
  id: 'torch-zip',
  label: 'torch.save',
  explanation:
    'State dicts, checkpoints around them and whole modules. Classes and functions that the file names are never called; those beyond PyTorch’s own are listed.',
  reference: 'PyTorch 1.6 and later',
  settings: [],
  listed: '.pth',
  extensions: ['.pth', '.pth.tar', '.ckpt'],
  recognises: (start) => isZip(start) && !isNpz(start),
  async read(file) {
    const { readTorchZip } = await import('../readers/torch-zip');
    return readTorchZip(file);
  },
};
