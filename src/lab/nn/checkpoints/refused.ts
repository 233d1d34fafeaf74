import type { RefusedCheckpoint } from './format';
import { isSafetensors } from './safetensors';

/**
 * A pickle of protocol 2 to 5 begins with its protocol. So does a safetensors file whose header has a length that ends in the same two
 * bytes, such as 640.
 */
export function isPickle(start: Uint8Array): boolean {
  return start[0] === 0x80 && start[1]! >= 2 && start[1]! <= 5 && !isSafetensors(start);
}

const isZip = (start: Uint8Array) => start[0] === 0x50 && start[1] === 0x4b;

/** Formats that people bring and Lethe does not read, with what to do instead. */
export const refusedCheckpoints: readonly RefusedCheckpoint[] = [
  {
    id: 'torch-save',
    names: /\.(pt|pth|ckpt|pkl)$|(^|\/)pytorch_model.*\.bin$/i,
    // A zip with a pickle in it; before version 1.6 a pickle by itself.
    recognises: (start) => isZip(start) || isPickle(start),
    advice:
      'PyTorch’s own files (what torch.save writes, a pickle) can run code when they are read, so they are not. Save the weights in Python with safetensors.torch.save_file(model.state_dict(), "weights.safetensors").',
  },
];
