import type { AsyncBuffer } from 'hyparquet';
import { LetheError } from '../settings';
import type { SplitName } from './source';

/** A file that somebody brings: on a disk, dropped on the page, or out of an archive. */
export interface DataFile {
  /** With forward slashes, from the folder or archive that was brought. */
  path: string;
  content: AsyncBuffer;
}

/** The whole content of a file. */
export async function bytesOf({ content }: DataFile): Promise<Uint8Array> {
  return new Uint8Array(await content.slice(0, content.byteLength));
}

/** The first bytes of a file, fewer where it is shorter. */
export async function startOf({ content }: DataFile, count: number): Promise<Uint8Array> {
  return new Uint8Array(await content.slice(0, Math.min(count, content.byteLength)));
}

/** The last part of a path, in small letters. */
export function baseName(path: string): string {
  return path.split('/').at(-1)!.toLowerCase();
}

/** Files that say `test` or `val` in their name are for testing. */
export function splitOf(path: string): SplitName {
  return /(^|[^a-z])(test|val|validation)/.test(baseName(path)) ? 'test' : 'train';
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

/** A dropped or picked file, read where it lies. */
export function blobBuffer(blob: Blob): AsyncBuffer {
  return { byteLength: blob.size, slice: (from, to) => blob.slice(from, to).arrayBuffer() };
}

/** What no format here is. */
export function unknownFormat(name: string): LetheError {
  return new LetheError(
    `${name} is no data set that Lethe can read; it reads CIFAR-10's binary files, parquet files of images, SVHN's .mat files, a folder or zip with a folder of images for every class, and .safetensors.`,
  );
}
