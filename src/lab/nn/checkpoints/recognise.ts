import { listText } from '../../format';
import { type Ranges, rangesOf, readRange } from '../../ranges';
import { LetheError } from '../../settings';
import { printable } from '../../text';
import type { TensorFile } from './format';
import { checkpointFormats } from './index';
import { refusedCheckpoints } from './refused';
import { safetensors } from './safetensors';

/** Enough of a file for every `recognises`. */
const START_BYTES = 512;

/**
 * The tensors of a file, under its own names, their values not read yet. The content alone decides on the format; what no format
 * recognises is read as safetensors, whose error says what is wrong with it.
 * @throws LetheError with one sentence when the file is damaged, or of a known format that is not read.
 */
export async function openTensors(content: Uint8Array | Ranges): Promise<TensorFile> {
  const file = rangesOf(content);
  if (file.byteLength === 0) throw new LetheError('This file is empty: download or save it again.');
  const start = await readRange(file, 0, START_BYTES);
  const format = checkpointFormats.entries.find(({ recognises }) => recognises(start));
  const refused = !format && refusedCheckpoints.find(({ recognises }) => recognises(start));
  if (refused) throw new LetheError(refused.advice);
  const opened = await (format ?? safetensors).read(file);
  // Names reach sentences and the terminal.
  return {
    ...opened,
    tensors: new Map(
      [...opened.tensors].map(([name, tensor]) => [printable(name, Number.POSITIVE_INFINITY), tensor]),
    ),
  };
}

/** Whether a file may be a checkpoint, by its name. */
export function isCheckpointName(name: string): boolean {
  return checkpointExtensions().some((ending) => name.toLowerCase().endsWith(ending));
}

/** What to do with a file whose name says that it is of a known format that is not read. */
export function checkpointAdvice(name: string): string | undefined {
  return refusedCheckpoints.find(({ names }) => names.test(name))?.advice;
}

/** Endings of the names of all readable formats. */
export function checkpointExtensions(): string[] {
  return checkpointFormats.entries.flatMap(({ extensions }) => extensions);
}

/** Every readable format, listed for a sentence. */
export function checkpointsListed(): string {
  return listText(
    checkpointFormats.entries.map(({ listed }) => listed),
    'or',
  );
}
