import type { ImageBatch } from '../../src/lab/data/image-stream';
import { type Manifest, writeShards } from '../../src/lab/data/shards';
import type { SplitName } from '../../src/lab/data/source';
import { randomStream } from '../../src/lab/rng';
import type { ArtifactStore } from '../../src/lab/store/store';

export const SHAPE: Manifest['shape'] = [11, 10, 3];
export const IMAGE_BYTES = 330;

/**
 * Puts noise into a store as the set `set`, in shards of so many images each; equal counts give equal images.
 * @returns its manifest.
 */
export async function keepShards(
  store: ArtifactStore,
  counts: Record<SplitName, number[]>,
): Promise<Manifest> {
  const manifest: Manifest = {
    version: 1,
    label: 'Noise',
    classes: ['a', 'b', 'c'],
    shape: SHAPE,
    parts: [],
  };
  for (const split of ['train', 'test'] as const) {
    const random = randomStream(1, split);
    async function* batch(count: number): AsyncGenerator<ImageBatch> {
      const images = Uint8Array.from({ length: count * IMAGE_BYTES }, () => random.below(256));
      yield { split, images, labels: Int32Array.from({ length: count }, () => random.below(3)) };
    }
    // A part with its one shard after the other: a shard of full size would be larger than all of these.
    for (const [number, count] of counts[split].entries())
      manifest.parts.push(...(await writeShards(store, 'set', String(number), SHAPE, batch(count))));
  }
  return manifest;
}
