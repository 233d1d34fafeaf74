import { LetheError } from '../../settings';
import type { Watch } from '../../watch';
import type { ImageStream } from '../image-stream';
import { readStored } from '../read-stored';
import {
  countOf,
  DamagedPart,
  deleteStored,
  type Manifest,
  readManifest,
  readOrder,
  storedSets,
  writeManifest,
  writeOrder,
  writeShards,
} from '../shards';
import { checkWanted, type DataCache, type DatasetSource, OWN_DATA_PREFIX } from './source';

/** The folder of the browser's private storage that decoded data sets are in. */
export const DATA_FOLDER = 'lethe-data';

const SET_PREFIX = 'file-';
/** Prefix of the cache's keys for the data set with this content; also the name of its lock. */
export const storedSetOf = (hash: string): string => SET_PREFIX + hash.slice(0, 16);

/**
 * Puts a data set of somebody's own into the cache, whole or not at all; one that is there already is left as it is.
 * @param hash of its content, in hexadecimal
 * @param before asked before anything is put there
 * @throws LetheError when it holds too few images for a study.
 */
export async function storeImageStream(
  cache: DataCache,
  stream: ImageStream,
  { hash, label }: { hash: string; label: string },
  options: Watch = {},
  before: () => Promise<void> = async () => {},
): Promise<DatasetSource> {
  const set = storedSetOf(hash);
  const { classes, shape, notes, order } = stream;
  const held = await readManifest(cache, set);
  if (held) return storedSource(set, held);
  await before();
  try {
    const { signal, onProgress } = options;
    let done = 0;
    const onTaken = (images: number) => {
      done += images;
      onProgress?.({ done, total: stream.count, counted: 'images' });
      signal?.throwIfAborted();
    };
    const parts = await writeShards(cache, set, '0', shape, stream.batches({ signal }), onTaken);
    const manifest: Manifest = {
      version: 1,
      label,
      classes,
      shape,
      parts,
      notes,
      named: order !== undefined,
    };
    for (const split of ['train', 'test'] as const)
      if (countOf(manifest, split) === 0)
        throw new LetheError(`${label} holds no ${split} images, which a study needs.`);
    if (order) await writeOrder(cache, set, order);
    await writeManifest(cache, set, manifest);
    return storedSource(set, manifest);
  } catch (error) {
    await deleteStored(cache, set);
    if ((error as Error).name === 'QuotaExceededError')
      throw new LetheError(`There is no space left for ${label}: free some, and try again.`);
    throw error;
  }
}

/** The data set of somebody's own with this content, if the cache holds it. */
export async function findStoredSource(cache: DataCache, hash: string): Promise<DatasetSource | undefined> {
  const manifest = await readManifest(cache, storedSetOf(hash));
  return manifest && storedSource(storedSetOf(hash), manifest);
}

/** Every data set of somebody's own that the cache holds. */
export async function storedSources(cache: DataCache): Promise<DatasetSource[]> {
  const sets = (await storedSets(cache)).filter((set) => set.startsWith(SET_PREFIX));
  const manifests = await Promise.all(sets.map((set) => readManifest(cache, set)));
  return sets.flatMap((set, i) => (manifests[i] ? [storedSource(set, manifests[i])] : []));
}

function storedSource(set: string, manifest: Manifest): DatasetSource {
  const { label, classes, shape, notes, named } = manifest;
  const id = OWN_DATA_PREFIX + set.slice(SET_PREFIX.length);
  const available = { train: countOf(manifest, 'train'), test: countOf(manifest, 'test') };
  return {
    id,
    label,
    explanation: `Images of your own, kept on this machine: ${classes.length} classes, ${available.train.toLocaleString('en-US')} images to train on and ${available.test.toLocaleString('en-US')} to test on.`,
    reference: 'A file of your own.',
    settings: [],
    classes,
    shape,
    available,
    report: notes && { ...notes, images: available, classes: classes.length },
    async load(want, _read, options = {}) {
      checkWanted(want, { label, available });
      if (!options.host) throw new LetheError(`${label} is in no cache here.`);
      const { cache, memory } = options.host;
      // A damaged set is deleted: when the same files are given again, they are decoded again.
      const onDamage = async (damage: DamagedPart) => {
        await deleteStored(cache, set);
        throw new DamagedPart(label, damage.part, 'it was thrown out, so start again with its files');
      };
      const how = { memory, onDamage, check: options };
      return readStored(cache, set, manifest, want, id, how).catch((error: unknown) => {
        if (error instanceof DamagedPart) return onDamage(error);
        throw error;
      });
    },
    async loadOrder(cache) {
      if (named === false) return undefined;
      const order = named ? await readOrder(cache, set) : undefined;
      if (order) return order;
      throw new LetheError(`${label} is kept without the names of its images: bring its files once more.`);
    },
    async loadCached(want, cache, memory) {
      return readStored(cache, set, manifest, want, id, { memory }).catch((error: unknown) => {
        if (error instanceof DamagedPart) return undefined;
        throw error;
      });
    },
  };
}
