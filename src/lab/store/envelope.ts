import { PIECE_BYTES, type Ranges, readRange } from '../ranges';
import { createSha256, type Sha256 } from '../sha256';
import type { Watch } from '../watch';

/** `LTH1`, then the SHA-256 of the content, then the content. */
const MAGIC = [0x4c, 0x54, 0x48, 0x31];
/** Where the content of a sealed artifact begins. */
export const CONTENT_AT = MAGIC.length + 32;

/** An artifact may have tens of megabytes, which would block this thread; the platform's hash runs beside it. */
async function sha256(content: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', content as Uint8Array<ArrayBuffer>));
}

/** Wraps an artifact so that a cut or altered copy is recognised. */
export async function sealArtifact(content: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const sealed = new Uint8Array(CONTENT_AT + content.length);
  sealed.set(MAGIC);
  sealed.set(content, CONTENT_AT);
  // The caller may change `content` while the hash is computed, so the copy is hashed.
  sealed.set(await sha256(sealed.subarray(CONTENT_AT)), MAGIC.length);
  return sealed;
}

/** The content of a sealed artifact; undefined when it is not whole. */
export async function unsealArtifact(sealed: Uint8Array): Promise<Uint8Array | undefined> {
  if (sealed.length < CONTENT_AT || MAGIC.some((byte, i) => sealed[i] !== byte)) return undefined;
  // `slice` of a Node Buffer is a view of the same memory, so the content is copied by the constructor.
  const content = new Uint8Array(sealed.subarray(CONTENT_AT));
  const sum = await sha256(content);
  return sum.every((byte, i) => sealed[MAGIC.length + i] === byte) ? content : undefined;
}

/**
 * Larger artifacts are sealed and opened piece by piece: as a whole, a sealed copy and the one that the platform's hash makes for itself
 * would be held beside them.
 */
export const LARGE_ARTIFACT = 2 ** 26;

/** A part of a sealed artifact, and its place there. */
export interface SealedPiece {
  at: number;
  bytes: Uint8Array<ArrayBuffer>;
}

/** An artifact in the pieces of its sealed form. Its beginning comes last, so that one that is half written is not taken for whole. */
export function* sealedPieces(
  content: Uint8Array,
  { signal, onProgress }: Watch = {},
  hash: Sha256 = createSha256(),
): Generator<SealedPiece> {
  const tell = (done: number) =>
    onProgress?.({ done, total: content.length, counted: 'bytes', keeping: true });
  tell(0);
  for (let from = 0; from < content.length; from += PIECE_BYTES) {
    signal?.throwIfAborted();
    const bytes = new Uint8Array(content.subarray(from, from + PIECE_BYTES));
    hash.update(bytes);
    yield { at: CONTENT_AT + from, bytes };
    tell(from + bytes.length);
  }
  yield { at: 0, bytes: Uint8Array.of(...MAGIC, ...hash.digest()) };
}

/** `unsealArtifact` of a file that is too large to be held beside its content. */
export async function unsealFile(
  file: Ranges,
  hash: Sha256 = createSha256(),
): Promise<Uint8Array | undefined> {
  const start = await readRange(file, 0, CONTENT_AT);
  if (start.length < CONTENT_AT || MAGIC.some((byte, i) => start[i] !== byte)) return undefined;
  const content = new Uint8Array(file.byteLength - CONTENT_AT);
  for (let from = 0; from < content.length; from += PIECE_BYTES) {
    const piece = await readRange(file, CONTENT_AT + from, CONTENT_AT + from + PIECE_BYTES);
    hash.update(piece);
    content.set(piece, from);
  }
  const sum = hash.digest();
  return sum.every((byte, i) => start[MAGIC.length + i] === byte) ? content : undefined;
}

/** The form of a key, which is also a file name on every system. */
const KEY = /^[a-z0-9][a-z0-9.-]{0,199}$/;
const SUFFIX = '.lethe';

/** The same key, if it can be a file's name. Keys come from hashes and ids; anything else is a mistake in the program. */
export function checkKey(key: string): string {
  if (!KEY.test(key)) throw new RangeError(`"${key}" cannot be the key of an artifact`);
  return key;
}

/** The file name of a key. */
export function fileOfKey(key: string): string {
  return checkKey(key) + SUFFIX;
}

/** The key that a file name stands for; undefined for files that are not artifacts (temporary ones, others'). */
export function keyOfFile(name: string): string | undefined {
  const key = name.endsWith(SUFFIX) ? name.slice(0, -SUFFIX.length) : '';
  return KEY.test(key) ? key : undefined;
}
