import type { ArtifactStore } from '../store/store';
import type { ResidentSplit, Split, SplitName, StoredImages } from './dataset';
import {
  DamagedPart,
  type Manifest,
  type Part,
  readHead,
  readImages,
  readShard,
  type ShardHead,
  shardsOf,
} from './shards';

/** Reads that are under way at once: enough to keep a disk busy, few enough for a process's open files. */
const AT_ONCE = 16;

interface Shard extends ShardHead {
  part: Part;
  shard: number;
  /** Number of its first image in the split. */
  first: number;
  /** Its checksum was found right. */
  sound: boolean;
}

/** Neighbouring images of one shard, by their numbers in the split, and the rows of the batch that they fill. */
interface Run {
  shard: Shard;
  from: number;
  to: number;
  rows: number[];
}

/** A set in the cache. */
export interface StoredSet {
  store: ArtifactStore;
  set: string;
  manifest: Manifest;
  onDamage: (damage: DamagedPart) => Promise<never>;
}

/**
 * The first `count` images of a split with their labels in memory, and the images in the cache. Their order is that of a shuffle, so
 * nothing is gained by keeping some: an epoch asks for each image once. Memory holds the batches that are asked for, and one shard
 * at most while its checksum is looked at: now with `onChecked`, which is told of every shard, else when the first of its images is
 * read.
 * @throws DamagedPart when a shard is missing, or what was looked at is not what it should be.
 */
export async function openStoredSplit(
  source: StoredSet,
  split: SplitName,
  count: number,
  onChecked?: (images: number) => void,
): Promise<Split> {
  const { store, set, manifest } = source;
  const labels = new Int32Array(count);
  const shards: Shard[] = [];
  for (const { part, shard, first } of shardsOf(manifest, split, count)) {
    const head = await readHead(store, set, part, shard);
    if (!head) throw new DamagedPart(manifest.label, part.name);
    labels.set(head.labels.subarray(0, count - first), first);
    const opened = { ...head, part, shard, first, sound: false };
    shards.push(opened);
    if (!onChecked) continue;
    if (!(await readSound(source, opened))) throw new DamagedPart(manifest.label, part.name);
    onChecked(head.labels.length);
  }
  let last: Promise<unknown> = Promise.resolve();
  const images: StoredImages = {
    read(indices) {
      // Reads wait for each other: two at once could check the same shard twice, and hold both copies in memory.
      const reading = last.then(() => readBatch(source, shards, indices));
      last = reading.catch(() => undefined);
      return reading;
    },
  };
  return { images, labels, count };
}

/** A whole shard, which is known to be sound then; undefined when it is not. */
async function readSound({ store, set }: StoredSet, shard: Shard): Promise<ResidentSplit | undefined> {
  const held = await readShard(store, set, shard.part, shard.shard);
  if (!held || !equal(held.labels, shard.labels)) return undefined;
  shard.sound = true;
  return held;
}

async function readBatch(source: StoredSet, shards: Shard[], indices: Int32Array): Promise<Uint8Array> {
  const { store, set, manifest } = source;
  const size = manifest.shape[0] * manifest.shape[1] * manifest.shape[2];
  const batch = new Uint8Array(indices.length * size);
  /** @param bytes of the shard's images from the split's number `from` on */
  const fill = ({ rows }: Run, bytes: Uint8Array, from: number) => {
    for (const row of rows) {
      const at = (indices[row]! - from) * size;
      batch.set(bytes.subarray(at, at + size), row * size);
    }
  };
  const damaged = ({ part }: Shard) => source.onDamage(new DamagedPart(manifest.label, part.name));

  const runs = runsOf(shards, indices);
  const checked = new Set<Run>();
  for (const { shard } of runs) {
    if (shard.sound) continue;
    const held = await readSound(source, shard);
    if (!held) return damaged(shard);
    for (const run of runs)
      if (run.shard === shard) {
        fill(run, held.images, shard.first);
        checked.add(run);
      }
  }
  const left = runs.filter((run) => !checked.has(run));
  const work = async () => {
    for (let run = left.pop(); run; run = left.pop()) {
      const { shard, from, to } = run;
      const place = { set, ...shard };
      const bytes = await readImages(store, place, [from - shard.first, to - shard.first], size);
      if (!bytes) return damaged(shard);
      fill(run, bytes, from);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return batch;
}

/** @throws RangeError for a number that the split does not have. */
function runsOf(shards: Shard[], indices: Int32Array): Run[] {
  const rows = Array.from(indices.keys()).sort((a, b) => indices[a]! - indices[b]!);
  const runs: Run[] = [];
  let at = 0;
  for (const row of rows) {
    const image = indices[row]!;
    while (at < shards.length && image >= shards[at]!.first + shards[at]!.labels.length) at++;
    const shard = shards[at];
    if (!shard || image < 0) throw new RangeError(`There is no stored image ${image}.`);
    const run = runs.at(-1);
    if (run?.shard === shard && image <= run.to) {
      run.rows.push(row);
      run.to = Math.max(run.to, image + 1);
    } else runs.push({ shard, from: image, to: image + 1, rows: [row] });
  }
  return runs;
}

function equal(a: Int32Array, b: Int32Array): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
