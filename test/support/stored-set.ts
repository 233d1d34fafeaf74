import type { SplitName } from '../../src/lab/data/dataset';
import type { ImageBatch } from '../../src/lab/data/image-stream';
import { type Manifest, writeShards } from '../../src/lab/data/shards';
import { randomStream } from '../../src/lab/rng';
import type { ArtifactStore } from '../../src/lab/store/store';

export const SHAPE: Manifest['shape'] = [11, 10, 3];
export const IMAGE_BYTES = 330;

/** Names and image shape of a set of noise. */
export interface Noise extends Pick<Manifest, 'shape' | 'classes'> {
  /** Prefix of its keys in the store. */
  set: string;
  /** Number of each split's first file, as its parts are named. */
  file: Record<SplitName, number>;
}

const NOISE: Noise = { set: 'set', shape: SHAPE, classes: ['a', 'b', 'c'], file: { train: 0, test: 0 } };

/**
 * Puts noise into a store, in shards of so many images each; equal counts give equal images.
 * @returns its manifest.
 */
export async function keepShards(
  store: ArtifactStore,
  counts: Record<SplitName, number[]>,
  { set, shape, classes, file }: Noise = NOISE,
): Promise<Manifest> {
  const manifest: Manifest = { version: 1, label: 'Noise', classes, shape, parts: [] };
  const size = shape[0] * shape[1] * shape[2];
  for (const split of ['train', 'test'] as const) {
    const random = randomStream(1, split);
    async function* batch(count: number): AsyncGenerator<ImageBatch> {
      const images = Uint8Array.from({ length: count * size }, () => random.below(256));
      yield { split, images, labels: Int32Array.from({ length: count }, () => random.below(classes.length)) };
    }
    // A shard of full size would hold all of these images, so each count becomes a part with one shard.
    for (const [number, count] of counts[split].entries())
      manifest.parts.push(
        ...(await writeShards(store, set, String(file[split] + number), shape, batch(count))),
      );
  }
  return manifest;
}
