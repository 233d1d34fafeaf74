import type { ImageOrder } from '../image-order';
import { decodeSafetensors, encodeSafetensors, locateTensors } from '../nn/safetensors';
import { LetheError } from '../settings';
import type { ArtifactStore } from '../store/store';
import type { ResidentSplit, SplitName } from './dataset';
import type { ImageBatch } from './image-stream';
import type { ReadNotes } from './read-report';

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
  /** What its reader said, where somebody brought the files. */
  notes?: ReadNotes;
  /** Whether its images are files with names, which are kept beside it; absent in sets that an earlier version kept without them. */
  named?: boolean;
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
const orderKey = (set: string) => `${set}.order`;
const shardKey = (set: string, part: string, shard: number) => `${set}.${part}.${shard}`;

/** @param set the prefix of the set's keys in the store */
export async function readManifest(store: ArtifactStore, set: string): Promise<Manifest | undefined> {
  const bytes = await store.get(manifestKey(set));
  return bytes && JSON.parse(new TextDecoder().decode(bytes));
}

export async function writeManifest(store: ArtifactStore, set: string, manifest: Manifest): Promise<void> {
  await store.put(manifestKey(set), new TextEncoder().encode(JSON.stringify(manifest)));
}

/** The names of a set's images; undefined when they are missing or damaged. */
export async function readOrder(store: ArtifactStore, set: string): Promise<ImageOrder | undefined> {
  const bytes = await store.get(orderKey(set));
  return bytes && JSON.parse(new TextDecoder().decode(bytes));
}

/** Keeps the names of a set's images; apart from the manifest, since there may be a million of them. */
export async function writeOrder(store: ArtifactStore, set: string, order: ImageOrder): Promise<void> {
  await store.put(orderKey(set), new TextEncoder().encode(JSON.stringify(order)));
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

/**
 * Puts images into shards as they come.
 * @param onTaken told of some images that were taken in; what it throws ends the writing
 * @returns the parts, one for each split that had images.
 */
export async function writeShards(
  store: ArtifactStore,
  set: string,
  name: string,
  shape: Manifest['shape'],
  batches: AsyncIterable<ImageBatch>,
  onTaken?: (images: number) => void,
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
      onTaken?.(taken);
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
): Promise<ResidentSplit | undefined> {
  const bytes = await store.get(shardKey(set, part.name, shard));
  if (!bytes) return undefined;
  const { images, labels } = decodeSafetensors(bytes);
  const data = labels!.data as Int32Array;
  return { images: images!.data as Uint8Array, labels: data, count: data.length };
}

/** A part of a stored set that cannot be read any more. */
export class DamagedPart extends LetheError {
  readonly part: string;

  /** @param advice what to do, to stand after a colon */
  constructor(label: string, part: string, advice = 'load it again') {
    super(`What the cache holds of ${label} is damaged: ${advice}.`);
    this.part = part;
  }
}

/** What the beginning of a shard says, unchecked: the checksum is of the whole shard, and `readShard` compares it. */
export interface ShardHead {
  labels: Int32Array;
  /** Where the images begin in the artifact, in bytes. */
  imagesAt: number;
}

/** More than the header of a shard takes. */
const HEADER_BYTES = 1024;

/** The labels of one shard; undefined when it is missing or cannot be what it should be. */
export async function readHead(
  store: ArtifactStore,
  set: string,
  part: Part,
  shard: number,
): Promise<ShardHead | undefined> {
  const count = part.counts[shard]!;
  const bytes = await store.read(shardKey(set, part.name, shard), 0, HEADER_BYTES + 4 * count);
  if (!bytes) return undefined;
  try {
    const places = locateTensors(bytes);
    const [labels, images] = [places.get('labels'), places.get('images')];
    if (!labels || !images || labels.to - labels.from !== 4 * count || labels.to > bytes.length)
      return undefined;
    return { labels: new Int32Array(bytes.slice(labels.from, labels.to).buffer), imagesAt: images.from };
  } catch (error) {
    if (error instanceof LetheError) return undefined;
    throw error;
  }
}

/** The images from number `from` to before `to` of one shard, unchecked; undefined when they are not all there. */
export async function readImages(
  store: ArtifactStore,
  { set, part, shard, imagesAt }: { set: string; part: Part; shard: number; imagesAt: number },
  [from, to]: readonly [number, number],
  imageBytes: number,
): Promise<Uint8Array | undefined> {
  const key = shardKey(set, part.name, shard);
  const bytes = await store.read(key, imagesAt + from * imageBytes, imagesAt + to * imageBytes);
  return bytes?.length === (to - from) * imageBytes ? bytes : undefined;
}

/** The shards that hold the first `count` images of a split, with the number of the first image of each. */
export function* shardsOf(
  { parts }: Manifest,
  split: SplitName,
  count: number,
): Generator<{ part: Part; shard: number; first: number }> {
  let first = 0;
  for (const part of parts)
    for (let shard = 0; part.split === split && shard < part.counts.length && first < count; shard++) {
      yield { part, shard, first };
      first += part.counts[shard]!;
    }
}

/** Removes a set from the cache. */
export async function deleteStored(store: ArtifactStore, set: string): Promise<void> {
  // The manifest goes first: without it the set counts as absent, also when the process dies here.
  await store.delete(manifestKey(set));
  for (const key of await store.keys()) if (key.startsWith(`${set}.`)) await store.delete(key);
}
