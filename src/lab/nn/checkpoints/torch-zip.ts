import type { CheckpointFormat } from './format';
import { isNpz } from './npz';

const isZip = (start: Uint8Array): boolean => start[0] === 0x50 && start[1] === 0x4b;

/** Whether a zip is one that torch.save wrote, whose first entry is the pickle: `checkpoint.pth/data.pkl`. */
export function isTorchZip(start: Uint8Array): boolean {
  const name = start.subarray(30, 30 + start[26]! + 256 * start[27]!);
  return isZip(start) && /(^|\/)data\.pkl$/.test(new TextDecoder('latin1').decode(name));
}

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
