import type { AsyncBuffer } from 'hyparquet';

/** Bytes that are looked through at once: few at first, since members may be short. */
const FIRST_BYTES = 2 ** 16;
const MOST_BYTES = 2 ** 20;

/** What a member begins with: the mark of gzip, deflate, and flags of which the upper three are not in use. */
const MARK = 0x1f8b0800;
const MARK_BITS = 0xffffffe0;
const MARK_BYTES = 4;

/** The sum and length that a member ends with, of which the last bytes may be zero. */
const TRAILER_BYTES = 8;

/**
 * Where a member of a gzip file may end: where what looks like another one begins, or the file ends, or at or shortly behind the last
 * byte before it that is not zero, since files may be filled up with zeros. Whether it does, only unpacking tells.
 * @param start where the member begins
 * @returns the likeliest first, each with the place where what follows begins
 */
export async function* possibleEnds(
  packed: AsyncBuffer,
  start: number,
): AsyncGenerator<{ end: number; next: number }> {
  /** Behind the last byte but the last four that is not zero. */
  let filled = start;
  /** The last four bytes. */
  let recent = 0;
  let size = FIRST_BYTES;
  for (let from = start; from < packed.byteLength; size = Math.min(2 * size, MOST_BYTES)) {
    const to = Math.min(packed.byteLength, from + size);
    const bytes = new Uint8Array(await packed.slice(from, to));
    for (let at = from; at < to; at++) {
      if (recent >>> 24 !== 0) filled = at - MARK_BYTES + 1;
      recent = (recent << 8) | bytes[at - from]!;
      const next = at - MARK_BYTES + 1;
      if (next > start && ((recent & MARK_BITS) | 0) === MARK) yield* endsBefore(next, filled);
    }
    from = to;
  }
  for (let at = packed.byteLength; at < packed.byteLength + MARK_BYTES; at++) {
    if (recent >>> 24 !== 0) filled = at - MARK_BYTES + 1;
    recent <<= 8;
  }
  yield* endsBefore(packed.byteLength, filled);
}

function* endsBefore(next: number, filled: number): Generator<{ end: number; next: number }> {
  yield { end: next, next };
  for (let end = filled; end < Math.min(next, filled + TRAILER_BYTES); end++) yield { end, next };
}
