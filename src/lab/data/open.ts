import { unpackedLimit } from '../ranges';
import { LetheError } from '../settings';
import { printable } from '../text';
import type { Watch } from '../watch';
import type { DataFile } from './data-file';
import type { DecodeImages } from './decode/decode';
import type { DatasetFormat, OpenContext } from './formats/format';
import {
  adviceFor,
  archivesAmong,
  foreignAmong,
  formatOfSeveral,
  type RecognisedFiles,
  readableListed,
  recogniseFiles,
  severalListed,
  shareFiles,
} from './formats/recognise';
import type { ImageStream } from './image-stream';
import { joinNotes } from './read-report';
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
  if (rest.length === 0) return stream;
  const names = rest.slice(0, NAMED).map(({ path }) => path);
  const why = `no part of the data set: ${names.join(', ')}${rest.length > NAMED ? ', …' : ''}`;
  const what = rest.length === 1 ? 'other file' : 'other files';
  return { ...stream, notes: joinNotes(stream.notes, { leftOut: [{ what, count: rest.length, why }] }) };
}

/**
 * Opens what somebody brought, as the likeliest format of the registry that recognises it: one file, an archive, or the files of a folder.
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
  const [first, ...others] = await recogniseFiles(files);
  if (!first) throw await unreadable(files, name);
  const { format } = first;
  if (format.kind === 'archive') {
    const [archive] = first.files;
    const { limit = unpackedLimit(archive!.content.byteLength), depth = 1 } = inside;
    if (depth > MOST_DEPTH)
      throw new LetheError(`${name} holds archives in archives in archives: unpack it, and open the folder.`);
    const unpacked = await format.unpack(archive!, limit);
    const stream = await openFiles(unpacked, name, decode, options, {
      limit: Math.max(0, limit - unpacked.reduce((sum, { content }) => sum + content.byteLength, 0)),
      depth: depth + 1,
    });
    return withLeftOver(
      stream,
      files.filter((file) => file !== archive),
    );
  }
  try {
    return await openAs({ format, files: first.files }, files, name, decode, options);
  } catch (error) {
    // Pictures may lie beside a data set that is none of pictures: then their folders are no classes.
    if (format.files !== 'folder' || !(error instanceof LetheError)) throw error;
    for (const { format, files: own } of others)
      if (format.kind === 'dataset') {
        const stream = await openAs({ format, files: own }, files, name, decode, options).catch(
          () => undefined,
        );
        if (stream) return stream;
      }
    throw error;
  }
}

/** Opens those of some files that are of a format. */
async function openAs(
  found: RecognisedFiles<DatasetFormat>,
  files: DataFile[],
  name: string,
  decode: DecodeImages,
  { rows, labelColumn, ...watch }: OpenOptions,
): Promise<ImageStream> {
  const { own, rest } = await shareFiles(files, found);
  try {
    const stream = await found.format.open(own, { name, decode, watch, rows, labelColumn });
    if (labelColumn !== undefined && !stream.notes.columns?.includes(printable(labelColumn)))
      throw new LetheError(
        `${name} has no columns of which "${printable(labelColumn)}" could be the classes: leave the label column out.`,
      );
    return withLeftOver(stream, rest);
  } catch (error) {
    throw (await whatItIs(own, error)) ?? error;
  }
}

/** Why there is no format for some files. */
async function unreadable(files: DataFile[], name: string): Promise<LetheError> {
  if (files.length === 1 && files[0]!.content.byteLength === 0)
    return new LetheError(`${name}: ${EMPTY}: download it again.`);
  const archives = archivesAmong(files).map(({ path }) => path);
  if (archives.length > 1)
    return new LetheError(
      `${name} holds ${archives.length} archives (${archives.slice(0, NAMED).join(', ')}${archives.length > NAMED ? ', …' : ''}), which are opened one at a time: unpack them into folders, or give one of them.`,
    );
  const advice = await adviceFor(files);
  return new LetheError(
    advice
      ? `${name}: ${advice}`
      : `${name} is no data set that Lethe can read; it reads ${readableListed()}.`,
  );
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
