import { createSha256, hexOf, type Sha256 } from '../sha256';
import type { Watch } from '../watch';
import type { DataFile } from './data-file';

/** Read at once while hashing. */
const CHUNK_BYTES = 4 * 2 ** 20;

export interface HashOptions extends Watch {
  /** Another implementation of SHA-256, such as a platform's own, which is faster. */
  create?: () => Sha256;
}

/** SHA-256, in hexadecimal, over what files are called and hold, in the order of their paths. */
export async function contentHash(
  files: DataFile[],
  { signal, onProgress, create = createSha256 }: HashOptions = {},
): Promise<string> {
  const hash = create();
  const total = files.reduce((sum, { content }) => sum + content.byteLength, 0);
  let done = 0;
  for (const { path, content } of [...files].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    // The length makes the hash unambiguous: without it, content could be moved from one file into the next.
    hash.update(new TextEncoder().encode(`${path}\0${content.byteLength}\0`));
    for (let from = 0; from < content.byteLength; from += CHUNK_BYTES) {
      signal?.throwIfAborted();
      const to = Math.min(content.byteLength, from + CHUNK_BYTES);
      hash.update(new Uint8Array(await content.slice(from, to)));
      done += to - from;
      onProgress?.({ done, total, counted: 'bytes' });
    }
  }
  return hexOf(hash.digest());
}
