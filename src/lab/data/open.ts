import { LetheError } from '../settings';
import type { DataFile } from './data-file';
import type { Watch } from './dataset';
import type { DecodeImages } from './decode/decode';
import {
  adviceFor,
  formatOfSeveral,
  readableListed,
  recogniseFiles,
  severalListed,
} from './formats/recognise';
import type { ImageStream } from './image-stream';

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

/**
 * Opens what somebody brought, as the first format of the registry that recognises it: one file, an archive, or the files of a folder.
 * @param name what it is called in sentences
 * @throws LetheError with one sentence when it is nothing that Lethe can read, damaged or cut off.
 */
export async function openFiles(
  files: DataFile[],
  name: string,
  decode: DecodeImages,
  watch: Watch = {},
): Promise<ImageStream> {
  if (files.length === 0) throw new LetheError(`${name} holds no files.`);
  const found = await recogniseFiles(files);
  if (!found) {
    const advice = await adviceFor(files);
    throw new LetheError(
      advice
        ? `${name}: ${advice}`
        : `${name} is no data set that Lethe can read; it reads ${readableListed()}.`,
    );
  }
  const { format } = found;
  return format.kind === 'archive'
    ? openFiles(await format.unpack(found.files[0]!), name, decode, watch)
    : format.open(found.files, { name, decode, watch });
}
