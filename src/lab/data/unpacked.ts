import type { AsyncBuffer } from 'hyparquet';
import { bytesText } from '../format';
import { streamOfRange } from '../ranges';
import { LetheError } from '../settings';

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

/**
 * Unpacks gzip or zlib piece by piece, and stops at the limit.
 * @throws LetheError when there is more; other errors when it is damaged or cut off
 */
export async function inflated(
  packed: AsyncBuffer,
  kind: 'gzip' | 'deflate',
  { path, limit, onPiece }: UnpackOptions,
): Promise<AsyncBuffer> {
  const most = Math.min(limit, MOST_UNPACKED);
  const source = streamOfRange(packed, 0, packed.byteLength);
  const reader = source.pipeThrough(new DecompressionStream(kind)).getReader();
  const pieces = new Pieces();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return pieces;
      pieces.add(value);
      if (pieces.byteLength > most) throw tooMuchInside(path, most);
      onPiece?.(pieces);
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
