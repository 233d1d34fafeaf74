import type { AsyncBuffer } from 'hyparquet';
import { bytesText } from '../format';
import { streamOfRange } from '../ranges';
import { LetheError } from '../settings';
import { possibleEnds } from './gzip-members';

/** What is unpacked in memory as a whole. */
const MOST_UNPACKED = 2 ** 31 - 1;
/** Archives in archives: a `.tar.gz` in a `.zip`, but not a hundred of them. */
export const MOST_DEPTH = 3;

/** The refusal of an archive that holds more than its limit. */
export function tooMuchInside(path: string, limit: number): LetheError {
  return new LetheError(
    `${path} holds more than ${bytesText(limit)}, the most that is unpacked of an archive of its size: unpack it, and open the folder.`,
  );
}

export interface UnpackOptions {
  /** What sentences call the archive. */
  path: string;
  /** Bytes that may come out. */
  limit: number;
  /** Looks at what has come out so far; an error that it throws ends the unpacking. */
  onPiece?(pieces: Pieces): void;
}

/** What came out of a packed stream, in the pieces that it came in. */
export class Pieces implements AsyncBuffer {
  byteLength = 0;
  private readonly pieces: { from: number; bytes: Uint8Array }[] = [];

  add(bytes: Uint8Array): void {
    this.pieces.push({ from: this.byteLength, bytes });
    this.byteLength += bytes.length;
  }

  /** Takes back what was added since there were so many bytes. */
  cut(byteLength: number): void {
    while (this.byteLength > byteLength) this.byteLength -= this.pieces.pop()!.bytes.length;
  }

  slice(from: number, to = this.byteLength): ArrayBuffer {
    const end = Math.min(to, this.byteLength);
    const out = new Uint8Array(Math.max(0, end - from));
    let [low, high] = [0, this.pieces.length];
    while (low + 1 < high) {
      const middle = (low + high) >> 1;
      if (this.pieces[middle]!.from <= from) low = middle;
      else high = middle;
    }
    for (let at = low; at < this.pieces.length && this.pieces[at]!.from < end; at++) {
      const piece = this.pieces[at]!;
      const part = piece.bytes.subarray(Math.max(0, from - piece.from), end - piece.from);
      out.set(part, Math.max(0, piece.from - from));
    }
    return out.buffer;
  }
}

/** A member of gzip that ends at none of so many places is damaged. */
const MOST_TRIES = 64;

/**
 * Unpacks gzip, also of several members and filled up with zeros, or zlib, piece by piece, and stops at the limit.
 * @throws LetheError when there is more; other errors when it is damaged or cut off
 */
export async function inflated(
  packed: AsyncBuffer,
  kind: 'gzip' | 'deflate',
  options: UnpackOptions,
): Promise<AsyncBuffer> {
  let isUnreadable = false;
  const source: AsyncBuffer = {
    byteLength: packed.byteLength,
    async slice(from, to) {
      try {
        return await packed.slice(from, to);
      } catch (error) {
        isUnreadable = true;
        throw error;
      }
    },
  };
  const pieces = new Pieces();
  /** What is damaged may end elsewhere; what cannot be read, or is too much, does not. */
  const isDamage = (error: unknown) => kind === 'gzip' && !isUnreadable && !(error instanceof LetheError);
  try {
    await unpackInto(pieces, source, 0, packed.byteLength, kind, options);
    return pieces;
  } catch (error) {
    if (!isDamage(error)) throw error;
    // Browsers take whatever follows the first member for damage: each is given to them alone.
    pieces.cut(0);
    for (let start = 0; start < packed.byteLength; ) {
      const next = await memberInto(pieces, source, start, options, isDamage);
      if (next === undefined) throw error;
      start = next;
    }
    return pieces;
  }
}

/** Unpacks the member of gzip that begins at `start`. @returns where the next one does; undefined where it is damaged */
async function memberInto(
  pieces: Pieces,
  packed: AsyncBuffer,
  start: number,
  options: UnpackOptions,
  isDamage: (error: unknown) => boolean,
): Promise<number | undefined> {
  const before = pieces.byteLength;
  let tries = 0;
  for await (const { end, next } of possibleEnds(packed, start)) {
    // The whole file was tried before.
    if (end - start === packed.byteLength) continue;
    if (++tries > MOST_TRIES) return undefined;
    try {
      await unpackInto(pieces, packed, start, end, 'gzip', options);
      return next;
    } catch (error) {
      if (!isDamage(error)) throw error;
      pieces.cut(before);
    }
  }
  return undefined;
}

async function unpackInto(
  pieces: Pieces,
  packed: AsyncBuffer,
  from: number,
  to: number,
  kind: 'gzip' | 'deflate',
  { path, limit, onPiece }: UnpackOptions,
): Promise<void> {
  const most = Math.min(limit, MOST_UNPACKED);
  const source = streamOfRange(packed, from, to);
  const reader = source.pipeThrough(new DecompressionStream(kind)).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      pieces.add(value);
      if (pieces.byteLength > most) throw tooMuchInside(path, most);
      onPiece?.(pieces);
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
