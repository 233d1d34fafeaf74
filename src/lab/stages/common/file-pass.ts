import { PIECE_BYTES, type Ranges, rangesOf, readRange } from '../../ranges';
import { LetheError } from '../../settings';
import { createSha256, hexOf, type Sha256 } from '../../sha256';
import type { Watch } from '../../watch';

/** How a file is watched while it is taken in. */
export interface FileWatch extends Watch {
  /** Another implementation of SHA-256, such as a platform's own, which is faster. */
  create?: () => Sha256;
}

/**
 * A file that is read once from its beginning to its end, which gives its hash. What is asked for meanwhile is picked up as it goes by; what
 * lies between is hashed and let go.
 */
export interface FilePass extends Ranges {
  /** Reads before are about the file's structure, and no part of the pass, unless they are of the whole file. */
  begin(): void;
  /** Goes on to the end. @returns the SHA-256 of the file, 64 hexadecimal digits */
  finish(): Promise<string>;
}

/** @param watch told of the bytes that went by; its signal ends any reading */
export function filePass(
  content: Uint8Array | Ranges,
  { signal, onProgress, create = createSha256 }: FileWatch = {},
): FilePass {
  const file = rangesOf(content);
  const hash = create();
  let begun = false;
  /** What went by last. */
  let piece: { from: number; bytes: Uint8Array } = { from: 0, bytes: new Uint8Array() };
  let ahead: Promise<Uint8Array> | undefined;
  const passed = () => piece.from + piece.bytes.length;

  /** Two at once would read on from the same place. */
  let last: Promise<unknown> = Promise.resolve();
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(work);
    last = turn.catch(() => {});
    return turn;
  }

  async function passNext(): Promise<void> {
    signal?.throwIfAborted();
    const from = passed();
    const bytes = await (ahead ?? readRange(file, from, from + PIECE_BYTES));
    if (bytes.length === 0) throw new LetheError('The file became shorter while it was read: open it again.');
    piece = { from, bytes };
    // The next piece is read while this one is hashed; whether it can be is seen when it is its turn.
    ahead = passed() < file.byteLength ? readRange(file, passed(), passed() + PIECE_BYTES) : undefined;
    ahead?.catch(() => {});
    hash.update(bytes);
    onProgress?.({ done: passed(), total: file.byteLength, counted: 'bytes' });
  }

  async function take(from: number, end: number): Promise<ArrayBuffer> {
    signal?.throwIfAborted();
    if (from === 0 && end === file.byteLength) begun = true;
    if (!begun || from < piece.from || end <= from) return file.slice(from, end);
    const wanted = new Uint8Array(end - from);
    for (;;) {
      const part = piece.bytes.subarray(Math.max(0, from - piece.from), Math.max(0, end - piece.from));
      wanted.set(part, Math.max(0, piece.from - from));
      if (passed() >= end) return wanted.buffer;
      await passNext();
    }
  }

  return {
    byteLength: file.byteLength,
    begin() {
      begun = true;
    },
    slice: (from, to = file.byteLength) => inTurn(() => take(from, Math.min(to, file.byteLength))),
    finish: () =>
      inTurn(async () => {
        while (passed() < file.byteLength) await passNext();
        return hexOf(hash.digest());
      }),
  };
}
