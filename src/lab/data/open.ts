import { unpackedLimit } from '../ranges';
import { LetheError } from '../settings';
import { printable } from '../text';
import type { DataFile } from './data-file';
import type { Watch } from './dataset';
import type { DecodeImages } from './decode/decode';
import type { OpenContext } from './formats/format';
import {
  adviceFor,
  foreignAmong,
  formatOfSeveral,
  readableListed,
  recogniseFiles,
  severalListed,
  shareFiles,
} from './formats/recognise';
import type { ImageStream } from './image-stream';
import { MOST_DEPTH } from './unpacked';

/** So many of the files that are left out are named. */
const NAMED = 3;

/**
 * Checks that files which somebody chose one by one make one data set. Of a folder or archive what belongs to none is left out
 * instead.
 * @throws LetheError when they are not all of one format of which several files go together.
 */
export function checkTogether(files: Pick<DataFile, 'path'>[]): void {
  const alone = files.find(({ path }) => !formatOfSeveral(path));
  if (alone)
    throw new LetheError(
      `${alone.path} must be opened by itself: several files make one data set only where they are ${severalListed()}.`,
    );
  const [first] = files;
  const other = files.find(({ path }) => formatOfSeveral(path) !== formatOfSeveral(first!.path));
  if (other)
    throw new LetheError(
      `${first!.path} and ${other.path} are files of different kinds: open those of one data set at a time.`,
    );
}

/** How opening is watched, and what the reader is told beside the files. */
export interface OpenOptions extends Watch, Pick<OpenContext, 'rows' | 'labelColumn'> {}

/** A stream whose notes name files that are none of the data set. */
function withLeftOver(stream: ImageStream, rest: DataFile[]): ImageStream {
  const names = rest.slice(0, NAMED).map(({ path }) => path);
  const why = `no part of the data set: ${names.join(', ')}${rest.length > NAMED ? ', …' : ''}`;
  const what = rest.length === 1 ? 'other file' : 'other files';
  const leftOut = [...(stream.notes.leftOut ?? []), { what, count: rest.length, why }];
  return { ...stream, notes: { ...stream.notes, leftOut } };
}

/**
 * Opens what somebody brought, as the first format of the registry that recognises it: one file, an archive, or the files of a folder.
 * @param name what it is called in sentences
 * @param inside of files that came out of an archive: the bytes that may still come out, and archives around them plus one
 * @throws LetheError with one sentence when it is nothing that Lethe can read, damaged or cut off.
 */
export async function openFiles(
  files: DataFile[],
  name: string,
  decode: DecodeImages,
  options: OpenOptions = {},
  inside: { limit?: number; depth?: number } = {},
): Promise<ImageStream> {
  if (files.length === 0) throw new LetheError(`${name} holds no files.`);
  const found = await recogniseFiles(files);
  if (!found) {
    const empty = files.length === 1 && files[0]!.content.byteLength === 0;
    const advice = empty ? `${EMPTY}: download it again.` : await adviceFor(files);
    throw new LetheError(
      advice
        ? `${name}: ${advice}`
        : `${name} is no data set that Lethe can read; it reads ${readableListed()}.`,
    );
  }
  const { format } = found;
  if (format.kind === 'archive') {
    const [archive] = found.files;
    const { limit = unpackedLimit(archive!.content.byteLength), depth = 1 } = inside;
    if (depth > MOST_DEPTH)
      throw new LetheError(`${name} holds archives in archives in archives: unpack it, and open the folder.`);
    const files = await format.unpack(archive!, limit);
    const unpacked = files.reduce((sum, { content }) => sum + content.byteLength, 0);
    return openFiles(files, name, decode, options, {
      limit: Math.max(0, limit - unpacked),
      depth: depth + 1,
    });
  }
  const { rows, labelColumn, ...watch } = options;
  const { own, rest } = await shareFiles(files, { format, files: found.files });
  try {
    const stream = await format.open(own, { name, decode, watch, rows, labelColumn });
    if (labelColumn !== undefined && !stream.notes.columns?.includes(printable(labelColumn)))
      throw new LetheError(
        `${name} has no columns of which "${printable(labelColumn)}" could be the classes: leave the label column out.`,
      );
    return rest.length > 0 ? withLeftOver(stream, rest) : stream;
  } catch (error) {
    throw (await whatItIs(own, error)) ?? error;
  }
}

const EMPTY = 'This file is empty (0 bytes)';
/** Files that are looked at for what is wrong with them. */
const MOST_LOOKED_AT = 1000;

/** A better reason why files could not be read: one of them is empty, a web page, a Git LFS pointer. */
async function whatItIs(files: DataFile[], error: unknown): Promise<LetheError | undefined> {
  if (!(error instanceof LetheError)) return undefined;
  const some = files.slice(0, MOST_LOOKED_AT);
  const empty = some.find(({ content }) => content.byteLength === 0);
  if (empty) return new LetheError(`${empty.path}: ${EMPTY}: download it again, or leave it out.`);
  const foreign = await foreignAmong(some);
  return foreign && new LetheError(`${foreign.path}: ${foreign.advice}`);
}
