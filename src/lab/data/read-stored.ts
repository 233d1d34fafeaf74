import { LetheError } from '../settings';
import type { ArtifactStore } from '../store/store';
import type { Watch } from '../watch';
import type { Dataset, ResidentSplit, Split, SplitName, Wanted } from './dataset';
import { countOf, DamagedPart, type Manifest, readShard, shardsOf } from './shards';
import { DATA_MEMORY, type DatasetSource } from './sources/source';
import { openStoredSplit } from './stored-images';

export interface StoredOptions {
  /** Bytes of images that may be held in memory; default is `DATA_MEMORY`. */
  memory?: number;
  /** What to do, and then to say, when images turn out to be damaged while the set is used; default: the damage itself. */
  onDamage?: (damage: DamagedPart) => Promise<never>;
  /** Looks at all checksums at once and tells how far it is, not only when images are read: on a slow disk that takes minutes. */
  check?: Watch;
}

/**
 * Which splits are read from the cache while they are used: those that do not fit into so much memory, the smaller one having
 * been taken in first.
 * @param imageBytes of one image
 */
export function streamedSplits(want: Wanted, imageBytes: number, memory = DATA_MEMORY): Set<SplitName> {
  const smallest: SplitName = want.test <= want.train ? 'test' : 'train';
  const streamed = new Set<SplitName>();
  let left = memory;
  for (const split of [smallest, smallest === 'test' ? 'train' : 'test'] as const) {
    const bytes = want[split] * imageBytes;
    if (bytes <= left) left -= bytes;
    else streamed.add(split);
  }
  return streamed;
}

/** The same for a source, before it is loaded: one that is not kept in the cache is always loaded as a whole. */
export function willStream(source: DatasetSource, want: Wanted, memory?: number): Set<SplitName> {
  const [height, width, channels] = source.shape;
  return source.loadCached ? streamedSplits(want, height * width * channels, memory) : new Set();
}

/** Reads a setting in megabytes. @throws LetheError naming it when it is no number. */
export function parseMemory(name: string, text: string | undefined): number | undefined {
  if (!text) return undefined;
  const megabytes = Number(text);
  if (!(megabytes >= 0)) throw new LetheError(`${name} must be a number of megabytes, not "${text}".`);
  return megabytes * 2 ** 20;
}

/**
 * The bytes of images that a page may hold in memory, where its address says: `?data-memory=200` is 200 megabytes.
 * @param query of the address
 * @throws LetheError when it is no number.
 */
export function memoryOfAddress(query: string): number | undefined {
  return parseMemory(
    'data-memory in the address',
    new URLSearchParams(query).get('data-memory') ?? undefined,
  );
}

/**
 * The first so many images of each split: in memory, or where there are too many for it, to be read when they are needed.
 * @throws DamagedPart when a shard is missing or damaged.
 */
export async function readStored(
  store: ArtifactStore,
  set: string,
  manifest: Manifest,
  want: Wanted,
  id: string,
  { memory, onDamage = (damage) => Promise.reject(damage), check }: StoredOptions = {},
): Promise<Dataset> {
  const { classes, shape } = manifest;
  const there = { train: 0, test: 0 };
  for (const split of ['train', 'test'] as const)
    there[split] = Math.min(want[split], countOf(manifest, split));
  const imageBytes = shape[0] * shape[1] * shape[2];
  const streamed = streamedSplits(there, imageBytes, memory);
  const total = imageBytes * (heldBy(manifest, 'train', there.train) + heldBy(manifest, 'test', there.test));
  let done = 0;
  const onChecked =
    check &&
    ((images: number) => {
      done += images * imageBytes;
      check.onProgress?.({ done, total, counted: 'bytes', checking: true });
      check.signal?.throwIfAborted();
    });
  const read = (split: SplitName): Promise<Split> =>
    streamed.has(split)
      ? openStoredSplit({ store, set, manifest, onDamage }, split, there[split], onChecked)
      : readWhole(store, set, manifest, split, there[split], onChecked);
  return { id, classes, shape, train: await read('train'), test: await read('test') };
}

/** Images in the shards that hold the first `count` of a split. */
function heldBy(manifest: Manifest, split: SplitName, count: number): number {
  return [...shardsOf(manifest, split, count)].reduce((sum, { part, shard }) => sum + part.counts[shard]!, 0);
}

async function readWhole(
  store: ArtifactStore,
  set: string,
  manifest: Manifest,
  split: SplitName,
  count: number,
  onRead?: (images: number) => void,
): Promise<ResidentSplit> {
  const { label, shape } = manifest;
  const size = shape[0] * shape[1] * shape[2];
  const images = new Uint8Array(count * size);
  const labels = new Int32Array(count);
  for (const { part, shard, first } of shardsOf(manifest, split, count)) {
    const held = await readShard(store, set, part, shard);
    if (!held || held.count !== part.counts[shard]) throw new DamagedPart(label, part.name);
    const taken = Math.min(held.count, count - first);
    images.set(held.images.subarray(0, taken * size), first * size);
    labels.set(held.labels.subarray(0, taken), first);
    onRead?.(held.count);
  }
  return { images, labels, count };
}
