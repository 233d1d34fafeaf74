import { LetheError } from '../settings';
import type { ReadAsset } from './sources/source';

/**
 * Reads a site's files with `fetch`.
 * @param root the site's root, with a slash at its end
 */
export function fetchFrom(root: string | URL): ReadAsset {
  return async (path, { signal, onProgress } = {}) => {
    try {
      const response = await fetch(new URL(path, root), { signal });
      if (!response.ok) throw new LetheError(`${path} could not be loaded (status ${response.status}).`);
      return onProgress && response.body
        ? await readBody(response.body, onProgress)
        : new Uint8Array(await response.arrayBuffer());
    } catch (error) {
      if (signal?.aborted || error instanceof LetheError) throw error;
      throw new LetheError(`${path} could not be loaded: there is no connection.`);
    }
  };
}

async function readBody(
  body: ReadableStream<Uint8Array>,
  onProgress: (received: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let received = 0;
  const reader = body.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    parts.push(next.value);
    received += next.value.length;
    onProgress(received);
  }
  const whole = new Uint8Array(received);
  let start = 0;
  for (const part of parts) {
    whole.set(part, start);
    start += part.length;
  }
  return whole;
}
