import type { Entry } from '../../settings';
import type { StoredTensor } from '../safetensors';

/** Tensors under the names of their file. */
export type NamedTensors = Record<string, StoredTensor>;

/**
 * A format that the weights of a network, or a mask, can come in. The page loads it before its first paint: readers are imported inside
 * `read`. `explanation` says how it is read.
 * @example
 * export const torchZip: CheckpointFormat = {
 *   id: 'torch-zip',
 *   label: 'torch.save',
 *   explanation: 'A zip of a pickle and storages; nothing in it is run.',
 *   reference: 'PyTorch 1.6 and later',
 *   settings: [],
 *   listed: '.pth',
 *   extensions: ['.pth', '.pt'],
 *   recognises: (start) => start[0] === 0x50 && start[1] === 0x4b,
 *   read: async (file) => (await import('../torch-zip')).decodeTorchZip(file),
 * };
 */
export interface CheckpointFormat extends Entry {
  /** How sentences list it. */
  listed: string;
  /** Endings of its files' names, in small letters. */
  extensions: string[];
  /** Whether the first bytes of a file (512, or all where it is shorter) are of this format. */
  recognises(start: Uint8Array): boolean;
  /** @throws LetheError with one sentence when the file is damaged or holds what Lethe does not read. */
  read(file: Uint8Array): Promise<NamedTensors>;
}

/** A format that is known but not read. To make it readable, give it a file of its own and take it off the list. */
export interface RefusedCheckpoint {
  id: string;
  /** Names of its files. */
  names: RegExp;
  recognises(start: Uint8Array): boolean;
  /** What to do instead, in sentences that stand after the file's name and a colon. */
  advice: string;
}
