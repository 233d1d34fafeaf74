import { indexListFormats } from '../forget/index-lists';
import type { FileIdentity } from '../lab-api';
import type { FileTensor } from '../nn/checkpoints/format';
import { markOf } from '../nn/checkpoints/mark';
import { findNetwork } from '../nn/checkpoints/names';
import { openTensors } from '../nn/checkpoints/recognise';
import { refusedCheckpoints } from '../nn/checkpoints/refused';
import { isWholeType } from '../nn/elements';
import { type Ranges, rangesOf, readRange } from '../ranges';
import { LetheError } from '../settings';

const START_BYTES = 512;

/** What a file is: what Lethe wrote into it, else what its tensors look like. What is not read at all is `unknown`. */
export async function whatIsFile(content: Uint8Array | Ranges): Promise<FileIdentity> {
  const file = rangesOf(content);
  const start = await readRange(file, 0, START_BYTES);
  const isRefused = refusedCheckpoints.some(({ id, recognises }) => id !== 'numpy' && recognises(start));
  const isList = !isRefused && indexListFormats.entries.some(({ recognises }) => recognises(start));
  try {
    const { tensors, metadata = {} } = await openTensors(file);
    const { lethe: mark } = markOf(metadata);
    if (mark) return { kind: mark.lethe, mark };
    return { kind: kindOfTensors(tensors) ?? (isList ? 'list' : 'unknown') };
  } catch (error) {
    // Damaged, or of another kind: whoever opens it as what it claims to be says what is wrong.
    if (!(error instanceof LetheError)) throw error;
    return { kind: isList ? 'list' : 'unknown' };
  }
}

function kindOfTensors(tensors: ReadonlyMap<string, FileTensor>): FileIdentity['kind'] | undefined {
  const names = [...tensors.keys()];
  if (tensors.has('images') && tensors.has('labels')) return 'data';
  if (names.some((name) => name.startsWith('G.'))) return 'scores';
  const network = Object.values(findNetwork(tensors).tensors);
  const weights = network.filter(({ shape }) => shape.length >= 2);
  if (weights.length === 0) return undefined;
  // No network has whole numbers for weights.
  return weights.every(({ dtype }) => isWholeType(dtype)) ? 'mask' : 'weights';
}
