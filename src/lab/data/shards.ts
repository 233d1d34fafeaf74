import { decodeSafetensors, encodeSafetensors } from '../nn/safetensors';
import { LetheError } from '../settings';
import type { ArtifactStore } from '../store/store';
import type { ImageBatch } from './image-stream';
import type { Dataset, Split, SplitName } from './source';

/**
 * Decoded data sets in the cache: a manifest, and shards of a few thousand images, each an artifact with a checksum of its own. A
 * part (one file of the source) enters the manifest when all its shards are there, so nothing half-written is ever read.
 */
export interface Manifest {
  version: 1;
  label: string;
  classes: string[];
  /** height, width, channels. */
  shape: [number, number, number];
  parts: Part[];
}

/** The images of one split that came from one file. */
export interface Part {
  name: string;
  split: SplitName;
  /** Images in each shard. */
  counts: number[];
}

/** Bytes of images in a shard at most: little enough to hold some beside the ones in use. */
const SHARD_BYTES = 32 * 2 ** 20;

const manifestKey = (set: string) => `${set}.manifest`;
const shardKey = (set: string, part: string, shard: number) => `${set}.${part}.${shard}`;

/** @param set the prefix of the set's keys in the store */
export async function readManifest(store: ArtifactStore, set: string): Promise<Manifest | undefined> {
  const bytes = await store.get(manifestKey(set));
  return bytes && JSON.parse(new TextDecoder().decode(bytes));
}

export async function writeManifest(store: ArtifactStore, set: string, manifest: Manifest): Promise<void> {
  await store.put(manifestKey(set), new TextEncoder().encode(JSON.stringify(manifest)));
}

/** Prefixes of the sets that the store holds. */
export async function storedSets(store: ArtifactStore): Promise<string[]> {
  const suffix = manifestKey('');
  return (await store.keys())
    .filter((key) => key.endsWith(suffix))
    .map((key) => key.slice(0, -suffix.length));
}

/** Images of a split that a manifest's parts hold. */
export function countOf({ parts }: Pick<Manifest, 'parts'>, split: SplitName): number {
  return parts
    .filter((part) => part.split === split)
    .reduce((sum, { counts }) => sum + counts.reduce((all, count) => all + count, 0), 0);
}

/** Puts images into shards as they come. @returns the parts, one for each split that had images. */
export async function writeShards(
  store: ArtifactStore,
  set: string,
  name: string,
  shape: Manifest['shape'],
  batches: AsyncIterable<ImageBatch>,
): Promise<Part[]> {
  const size = shape[0] * shape[1] * shape[2];
  const most = Math.max(1, Math.floor(SHARD_BYTES / size));
  const open = new Map<SplitName, { part: Part; images: Uint8Array; labels: Int32Array; filled: number }>();
  const close = async (split: SplitName) => {
    const shard = open.get(split);
    if (!shard || shard.filled === 0) return;
    const { part, images, labels, filled } = shard;
    const key = shardKey(set, part.name, part.counts.length);
    await store.put(
      key,
      encodeSafetensors({
        images: { shape: [filled, ...shape], data: images.subarray(0, filled * size) },
        labels: { shape: [filled], data: labels.subarray(0, filled) },
      }),
    );
    part.counts.push(filled);
    shard.filled = 0;
  };
  for await (const { split, images, labels } of batches) {
    const shard = open.get(split) ?? {
      part: { name: `${name}-${split}`, split, counts: [] },
      images: new Uint8Array(most * size),
      labels: new Int32Array(most),
      filled: 0,
    };
    open.set(split, shard);
    for (let from = 0; from < labels.length; ) {
      const taken = Math.min(most - shard.filled, labels.length - from);
      shard.images.set(images.subarray(from * size, (from + taken) * size), shard.filled * size);
      shard.labels.set(labels.subarray(from, from + taken), shard.filled);
      shard.filled += taken;
      from += taken;
      if (shard.filled === most) await close(split);
    }
  }
  for (const split of open.keys()) await close(split);
  return [...open.values()].map(({ part }) => part);
}

/** One shard; undefined when it is missing or damaged. */
export async function readShard(
  store: ArtifactStore,
  set: string,
  part: Part,
  shard: number,
): Promise<Split | undefined> {
  const bytes = await store.get(shardKey(set, part.name, shard));
  if (!bytes) return undefined;
  const { images, labels } = decodeSafetensors(bytes);
  const data = labels!.data as Int32Array;
  return { images: images!.data as Uint8Array, labels: data, count: data.length };
}

/** A part of a stored set that cannot be read any more. */
export class DamagedPart extends LetheError {
  readonly part: string;

  constructor(label: string, part: string) {
    super(`What the cache holds of ${label} is damaged: load it again.`);
    this.part = part;
  }
}

/** The first so many images of each split. @throws DamagedPart when a shard is missing or damaged. */
export async function readStored(
  store: ArtifactStore,
  set: string,
  manifest: Manifest,
  want: { train: number; test: number },
  id: string,
): Promise<Dataset> {
  const { label, classes, shape, parts } = manifest;
  const size = shape[0] * shape[1] * shape[2];
  const read = async (split: SplitName): Promise<Split> => {
    const count = Math.min(want[split], countOf(manifest, split));
    const images = new Uint8Array(count * size);
    const labels = new Int32Array(count);
    let at = 0;
    for (const part of parts)
      for (let shard = 0; part.split === split && shard < part.counts.length && at < count; shard++) {
        const held = await readShard(store, set, part, shard);
        if (!held || held.count !== part.counts[shard]) throw new DamagedPart(label, part.name);
        const taken = Math.min(held.count, count - at);
        images.set(held.images.subarray(0, taken * size), at * size);
        labels.set(held.labels.subarray(0, taken), at);
        at += taken;
      }
    return { images, labels, count };
  };
  return { id, classes, shape, train: await read('train'), test: await read('test') };
}

/** Removes a set from the cache. */
export async function deleteStored(store: ArtifactStore, set: string): Promise<void> {
  // The manifest first: a set without one is not there.
  await store.delete(manifestKey(set));
  for (const key of await store.keys()) if (key.startsWith(`${set}.`)) await store.delete(key);
}
