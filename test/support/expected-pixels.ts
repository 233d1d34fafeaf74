import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { decodeSafetensors } from '../../src/lab/nn/safetensors';

/** Images with the pixels that Pillow gives them, transparency laid on white. */
export interface ExpectedImage {
  name: string;
  file: Uint8Array;
  height: number;
  width: number;
  pixels: Uint8Array;
}

const folderAt = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** Images that lie beside an `expected.safetensors` with their pixels. @param path of the folder, from `test/` */
export function expectedImages(path: string): ExpectedImage[] {
  const folder = folderAt(path);
  const tensors = decodeSafetensors(new Uint8Array(readFileSync(`${folder}/expected.safetensors`)));
  return Object.entries(tensors).map(([name, { shape, data }]) => ({
    name,
    file: new Uint8Array(readFileSync(`${folder}/${name}`)),
    height: shape[0]!,
    width: shape[1]!,
    pixels: data as Uint8Array,
  }));
}

/** The largest difference of two images in any channel; 256 where they have not the same size. */
export const largestDifference = (a: Uint8Array, b: Uint8Array): number =>
  a.length === b.length ? a.reduce((most, level, i) => Math.max(most, Math.abs(level - b[i]!)), 0) : 256;
