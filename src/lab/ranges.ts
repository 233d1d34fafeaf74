import type { AsyncBuffer } from 'hyparquet';

/** A file whose bytes are read range by range: on a disk, or a `File` of the page. */
export type Ranges = AsyncBuffer;

/** Bytes of a large file that are read at once: it is told how far reading is, and ended, between two. A whole number of any elements. */
export const PIECE_BYTES = 4 * 2 ** 20;

/** Bytes in memory as a file. */
export function rangesOf(file: Uint8Array | Ranges): Ranges {
  if (!(file instanceof Uint8Array)) return file;
  return {
    byteLength: file.length,
    slice: (from, to = file.length) => new Uint8Array(file.subarray(from, to)).buffer,
  };
}

/** A dropped or picked file, or one of the browser's storage, read where it lies. */
export function rangesOfBlob(blob: Blob): Ranges {
  return { byteLength: blob.size, slice: (from, to) => blob.slice(from, to).arrayBuffer() };
}

/** Bytes that a stream asks for at once. */
const STREAM_BYTES = 2 ** 20;

/** Bytes from `from` to before `to` as a stream, which reads them when it is asked for them. */
export function streamOfRange(
  file: Ranges,
  from: number,
  to: number,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let next = from;
  return new ReadableStream({
    async pull(controller) {
      if (next >= to) return controller.close();
      const bytes = new Uint8Array(await file.slice(next, Math.min(to, next + STREAM_BYTES)));
      next += STREAM_BYTES;
      controller.enqueue(bytes);
    },
  });
}

/** Bytes from `from` to before `to`; fewer where the file ends before, and none where it ends before `from`, as damaged files say. */
export async function readRange(file: Ranges, from: number, to: number): Promise<Uint8Array> {
  const end = Math.min(to, file.byteLength);
  return from < end ? new Uint8Array(await file.slice(from, end)) : new Uint8Array();
}

/** Up to here an archive may be as small as it likes. */
const BEYOND_DOUBT = 2 ** 28;
/** Pictures hardly shrink when they are packed, arrays by some times; only what is made to fill a memory by more than this. */
const MOST_RATIO = 100;

/** How many bytes may come out of an archive of this size, all archives in it included. */
export function unpackedLimit(packedBytes: number): number {
  return Math.max(BEYOND_DOUBT, MOST_RATIO * packedBytes);
}
