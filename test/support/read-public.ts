import { readFile } from 'node:fs/promises';
import type { ReadAsset } from '../../src/lab/data/sources/source';

/** Reads the site's own files from `public/`. */
export const readPublic: ReadAsset = async (path, options) => {
  const bytes = new Uint8Array(await readFile(new URL(`../../public/${path}`, import.meta.url), options));
  options?.onProgress?.(bytes.length);
  return bytes;
};
