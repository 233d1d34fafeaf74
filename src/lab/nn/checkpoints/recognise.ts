import { listText } from '../../format';
import { type Ranges, rangesOf, readRange } from '../../ranges';
import { LetheError } from '../../settings';
import { printable } from '../../text';
import type { TensorFile } from './format';
import { checkpointFormats } from './index';
import { refusedCheckpoints } from './refused';

/** Enough of a file for every `recognises`. */
const START_BYTES = 512;

/**
 * The tensors of a file, under its own names, their values not read yet. The content alone decides on the format.
 * @throws LetheError with one sentence when the file is damaged, or of a format that is not read.
 */
export async function openTensors(content: Uint8Array | Ranges): Promise<TensorFile> {
  const file = rangesOf(content);
  if (file.byteLength === 0) throw new LetheError('This file is empty: download or save it again.');
  const start = await readRange(file, 0, START_BYTES);
  const format = checkpointFormats.entries.find(({ recognises }) => recognises(start));
  if (!format) throw new LetheError(whyUnread(start));
  const opened = await format.read(file);
  // Names reach sentences and the terminal.
  return {
    ...opened,
    tensors: new Map(
      [...opened.tensors].map(([name, tensor]) => [printable(name, Number.POSITIVE_INFINITY), tensor]),
    ),
  };
}

/** Why a file of no readable format is refused, by its first bytes. */
function whyUnread(start: Uint8Array): string {
  const refused = refusedCheckpoints.find(({ recognises }) => recognises(start));
  if (refused) return refused.advice;
  if (isText(start))
    return 'This is a text, not a file of weights: where a download ended in it, what was to be downloaded is elsewhere or asks for a login.';
  return `By its content this is no file of weights or masks that Lethe reads, which are ${checkpointsListed()}: it is of another kind, or damaged.`;
}

/** Whether a file begins with printable ASCII throughout. */
const isText = (start: Uint8Array) =>
  start.every((byte) => (byte >= 0x20 && byte < 0x7f) || byte === 0x09 || byte === 0x0a || byte === 0x0d);

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
