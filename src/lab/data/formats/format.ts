import type { Entry } from '../../settings';
import type { Watch } from '../../watch';
import type { DataFile } from '../data-file';
import type { DecodeImages } from '../decode/decode';
import type { ImageStream } from '../image-stream';
import type { DecodeRows } from '../readers/parquet-rows';

/** How files of one format are told from all others. */
export interface Recognition {
  /**
   * The paths that belong to it by their names, whatever is in the files. It is given all paths of a folder or archive at once, because a
   * layout such as Tiny-ImageNet's is known only from all of them; `named` builds it where each name tells by itself.
   */
  filesOf(paths: string[]): string[];
  /** Whether the first bytes of a file (512, or all where it is shorter) are of this format; absent where they do not tell. */
  recognises?(start: Uint8Array): boolean;
}

/** What every readable format says of itself. The page loads it before its first paint: readers are imported inside `open` or `unpack`. */
interface ReadableFormat extends Entry, Recognition {
  /** How sentences list it: `parquet files of images`. */
  listed: string;
  /** Endings of its files' names, in small letters: the page's file dialog shows them, and a dropped file with one may be images. */
  extensions: string[];
}

/** What `open` is told beside its files. */
export interface OpenContext {
  /** What sentences call the data set. */
  name: string;
  decode: DecodeImages;
  watch: Watch;
  /** Decodes row groups of parquet files; default: on the thread that calls it. */
  rows?: DecodeRows;
  /** Of several columns with classes the one that is meant. */
  labelColumn?: string;
}

/**
 * A format that a data set can come in. `explanation` says how it is read.
 * @example
 * export const ubj: DatasetFormat = {
 *   kind: 'dataset',
 *   id: 'ubj',
 *   label: 'Universal Binary JSON',
 *   explanation: '`images` U8 `[n, height, width, channels]` and `labels`.',
 *   reference: 'ubjson.org',
 *   settings: [],
 *   listed: '.ubj of images',
 *   extensions: ['.ubj'],
 *   filesOf: named(/\.ubj$/i),
 *   files: 'one',
 *   open: async ([file], context) => (await import('../readers/ubj')).ubjStream(file!, context.name),
 * };
 */
export interface DatasetFormat extends ReadableFormat {
  kind: 'dataset';
  /** What one data set of it is: one file, several files beside each other, or files in folders whose names matter. */
  files: 'one' | 'several' | 'folder';
  /** Whether files whose names tell nothing belong to it, too, where their content does. */
  takesUnnamed?: boolean;
  /** Whether a file with one of the extensions holds images, where other things have that ending too. */
  holdsImages?(file: DataFile): Promise<boolean>;
  /**
   * @param files all of this format, at least one; exactly one where `files` is `one`
   * @throws LetheError with one sentence when they are damaged, cut off, or hold no data set.
   */
  open(files: DataFile[], context: OpenContext): Promise<ImageStream>;
}

/** A file that holds files. The registry is asked again for what is in it. `explanation` says how it is unpacked. */
export interface ArchiveFormat extends ReadableFormat {
  kind: 'archive';
  /**
   * @param limit bytes that may come out of it
   * @throws LetheError with one sentence when it is damaged, cut off, or holds more
   */
  unpack(file: DataFile, limit: number): Promise<DataFile[]>;
}

export type FileFormat = DatasetFormat | ArchiveFormat;

/** A format that is known but not read. To make it readable, give it a file of its own and take it off the list. */
export interface RefusedFormat extends Recognition {
  id: string;
  label: string;
  /** What to do instead, in sentences that stand after the file's name and a colon. */
  advice: string;
}

/** `Recognition.filesOf` for files that are known each by its own path. */
export function named(pattern: RegExp): Recognition['filesOf'] {
  return (paths) => paths.filter((path) => pattern.test(path));
}

/** @param text of characters below 256, one for each byte */
export function startsWith(bytes: Uint8Array, text: string): boolean {
  return [...text].every((letter, at) => bytes[at] === letter.charCodeAt(0));
}
