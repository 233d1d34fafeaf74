import type { CheckpointFormat } from './format';

/** A pickle of PyTorch's magic number. */
const MAGIC = [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];

export const isTorchLegacy = (start: Uint8Array): boolean => MAGIC.every((byte, i) => start[i] === byte);

export const torchLegacy: CheckpointFormat = {
  id: 'torch-legacy',
  label: 'torch.save of old',
  explanation: 'The same as written before the zip, and still with _use_new_zipfile_serialization=False.',
  reference: 'PyTorch before 1.6',
  settings: [],
  listed: '.pt',
  extensions: ['.pt'],
  recognises: isTorchLegacy,
  async read(file) {
    const { readTorchLegacy } = await import('../readers/torch-legacy');
    return readTorchLegacy(file);
  },
};
