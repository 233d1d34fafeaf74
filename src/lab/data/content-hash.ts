import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { DataFile } from './data-file';
import type { Watch } from './dataset';

/** Read at once while hashing. */
const CHUNK_BYTES = 4 * 2 ** 20;

export interface HashOptions extends Watch {
  /** Another implementation of SHA-256, such as a platform's own, which is faster. */
  create?: () => { update(bytes: Uint8Array): unknown; digest(): Uint8Array };
}

/** SHA-256, in hexadecimal, over what files are called and hold, in the order of their paths. */
export async function contentHash(
  files: DataFile[],
  { signal, onProgress, create = sha256.create }: HashOptions = {},
): Promise<string> {
  const hash = create();
  const total = files.reduce((sum, { content }) => sum + content.byteLength, 0);
  let done = 0;
  for (const { path, content } of [...files].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    // The length makes the hash unambiguous: without it, content could be moved from one file into the next.
    hash.update(utf8ToBytes(`${path}\0${content.byteLength}\0`));
    for (let from = 0; from < content.byteLength; from += CHUNK_BYTES) {
      signal?.throwIfAborted();
      const to = Math.min(content.byteLength, from + CHUNK_BYTES);
      hash.update(new Uint8Array(await content.slice(from, to)));
      done += to - from;
      onProgress?.({ done, total, counted: 'bytes' });
    }
  }
  return bytesToHex(hash.digest());
}
