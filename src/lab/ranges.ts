import type { AsyncBuffer } from 'hyparquet';

/** A file whose bytes are read range by range: on a disk, or a `File` of the page. */
export type Ranges = AsyncBuffer;

/** Bytes in memory as a file. */
export function rangesOf(file: Uint8Array | Ranges): Ranges {
  if (!(file instanceof Uint8Array)) return file;
  return {
    byteLength: file.length,
    slice: (from, to = file.length) => new Uint8Array(file.subarray(from, to)).buffer,
  };
}

/** Bytes from `from` to before `to`; fewer where the file ends before. */
export async function readRange(file: Ranges, from: number, to: number): Promise<Uint8Array> {
  return new Uint8Array(await file.slice(from, Math.min(to, file.byteLength)));
}

/** Up to here an archive may be as small as it likes. */
const BEYOND_DOUBT = 2 ** 28;
/** Pictures hardly shrink when they are packed, arrays by some times; only what is made to fill a memory by more than this. */
const MOST_RATIO = 100;

/** How many bytes may come out of an archive of this size, all archives in it included. */
export function unpackedLimit(packedBytes: number): number {
  return Math.max(BEYOND_DOUBT, MOST_RATIO * packedBytes);
}
