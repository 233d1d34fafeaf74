import type { Split } from '../../src/lab/data/dataset';

/** The images of a split that is in memory. */
export function imagesOf({ images }: Split): Uint8Array {
  if (images instanceof Uint8Array) return images;
  throw new Error('These images are streamed.');
}
