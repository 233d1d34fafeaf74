import type { AsyncBuffer } from 'hyparquet';
import { bytesText } from '../format';
import { LetheError } from '../settings';
import { printable } from '../text';

/** A file that somebody brings: on a disk, dropped on the page, or out of an archive. */
export interface DataFile {
  /** With forward slashes, from the folder or archive that was brought. */
  path: string;
  content: AsyncBuffer;
}

/** The largest file that is read into memory as a whole, beside what is made of it. */
const MOST_AT_ONCE = 2 ** 31 - 1;

/** A larger file is read in pieces, between which one sees how far it is. No image is so large: many are read at once. */
const WHOLE_PIECE = 32 * 2 ** 20;

/** The whole content of a file. @throws LetheError when there is too much of it. */
export async function bytesOf({ path, content }: DataFile): Promise<Uint8Array> {
  if (content.byteLength > MOST_AT_ONCE)
    throw new LetheError(
      `${path} has ${bytesText(content.byteLength)}, but such a file is read into memory as a whole, which works up to ${bytesText(MOST_AT_ONCE)}: unpacked into folders of images, or as parquet files, a data set can have any size.`,
    );
  if (content.byteLength <= WHOLE_PIECE) return new Uint8Array(await content.slice(0, content.byteLength));
  const bytes = new Uint8Array(content.byteLength);
  for (let from = 0; from < bytes.length; from += WHOLE_PIECE)
    bytes.set(new Uint8Array(await content.slice(from, Math.min(bytes.length, from + WHOLE_PIECE))), from);
  return bytes;
}

/** The first bytes of a file, fewer where it is shorter. */
export async function startOf({ content }: DataFile, count: number): Promise<Uint8Array> {
  return new Uint8Array(await content.slice(0, Math.min(count, content.byteLength)));
}

/** The last part of a path, in small letters. */
export function baseName(path: string): string {
  return path.split('/').at(-1)!.toLowerCase();
}

/** Whether a file was put into a folder or archive by the system and not by its owner: hidden files, macOS's, Windows' and Synology's own. */
export function isLitter(path: string): boolean {
  return /(^|\/)(__MACOSX\/|@eaDir\/|#recycle\/|\$RECYCLE\.BIN\/|\.|Thumbs\.db$|desktop\.ini$)/.test(path);
}

/**
 * The path of a file in an archive as its folders see it: programs begin it with `./`, `/` or `../`, and some on Windows put
 * backslashes between folders. It reaches sentences, and folders become classes.
 */
export function pathInArchive(path: string): string {
  return printable(path.replaceAll('\\', '/').replace(/^(\.{0,2}\/)+/, ''), Number.POSITIVE_INFINITY);
}

/** Of files of one path the last, as programs that unpack leave it. */
export function lastOfEachPath(files: DataFile[]): DataFile[] {
  return [...new Map(files.map((file) => [file.path, file])).values()];
}

/** What sentences call some files: their folder, where one holds them all. */
export function nameOfFiles(paths: string[]): string {
  const [first, ...more] = [...paths].sort();
  const folder = /^[^/]+\//.exec(first ?? '')?.[0];
  if (folder && paths.every((path) => path.startsWith(folder))) return folder.slice(0, -1);
  return more.length > 0 ? `${first} and ${more.length} more` : (first ?? 'This');
}

/** Bytes in memory as a file. */
export function memoryFile(path: string, bytes: Uint8Array): DataFile {
  return {
    path,
    content: {
      byteLength: bytes.length,
      slice: (from, to = bytes.length) => new Uint8Array(bytes.subarray(from, to)).buffer,
    },
  };
}
