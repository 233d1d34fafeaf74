import type { Ranges } from '../../ranges';
import type { Entry } from '../../settings';
import type { StoredArray } from '../elements';

/**
 * A tensor in a file. Its values are read when they are asked for, so that a file of gigabytes is never held beside what is made of it,
 * and what is not needed, such as an optimizer's state, is not read at all.
 */
export interface FileTensor {
  /** As safetensors names element types: F32, BF16, I64, … */
  dtype: string;
  shape: number[];
  /** About where its values begin in the file, where that is known: who reads many asks for them in this order. */
  readonly at?: number;
  /**
   * Row-major, in the number types of `decodeElements`.
   * @param called what sentences call it: its name in quotes
   * @throws LetheError with one sentence where the type is not read.
   */
  read(called?: string): Promise<StoredArray>;
  /** The same in consecutive pieces of some megabytes; absent where only all of it can be read at once. */
  pieces?(called?: string): AsyncIterable<StoredArray>;
}

/** A tensor's values in pieces, or in one where only all of it can be read at once. */
export async function* piecesOf(tensor: FileTensor, called?: string): AsyncGenerator<StoredArray> {
  if (tensor.pieces) yield* tensor.pieces(called);
  else yield await tensor.read(called);
}

/** Things with a tensor each as these lie in their file, so that it is read from its beginning to its end. */
export function inOrderOfFile<Part extends { tensor: FileTensor }>(parts: readonly Part[]): Part[] {
  return [...parts].sort((a, b) => (a.tensor.at ?? 0) - (b.tensor.at ?? 0));
}

/** What a file holds. */
export interface TensorFile {
  /** Under the names of the file; what is nested in it has dotted names: `state_dict.conv1.weight`. */
  tensors: Map<string, FileTensor>;
  /** What the file says of itself. */
  metadata?: Record<string, string>;
  /** Classes and functions that the file refers to beyond tensors, such as `os.system`. None is ever looked up or called. */
  refersTo: string[];
}

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
 *   extensions: ['.pth'],
 *   recognises: (start) => start[0] === 0x50 && start[1] === 0x4b,
 *   read: async (file) => (await import('../readers/torch-zip')).readTorchZip(file),
 * };
 */
export interface CheckpointFormat extends Entry {
  /** How sentences list it. */
  listed: string;
  /** Endings of its files' names, in small letters. */
  extensions: string[];
  /** Whether the first bytes of a file (512, or all where it is shorter) are of this format. */
  recognises(start: Uint8Array): boolean;
  /** @throws LetheError with one sentence when the file is damaged, cut off, or holds what Lethe does not read. */
  read(file: Ranges): Promise<TensorFile>;
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
