import type { AsyncBuffer } from 'hyparquet';
import { bytesText } from '../../format';
import { LetheError } from '../../settings';
import { RefusedError } from '../../store/refused';
import type { Dataset, SplitName, Wanted } from '../dataset';
import { PARQUET_MARK } from '../formats/parquet';
import type { ImageBatch } from '../image-stream';
import { readStored } from '../read-stored';
import { openParquet } from '../readers/parquet';
import { countOf, DamagedPart, type Manifest, readManifest, writeManifest, writeShards } from '../shards';
import { downloadFile } from './download';
import type { HubFile, HubSpec } from './hub-spec';
import type { DataCache, DataHost, LoadOptions, ToLoad } from './source';

/** The prefix of a data set's keys in the cache. Another revision is another set, and so is another reading of it. */
const setOf = ({ id, revision, reading }: HubSpec) =>
  `${id}.${revision.slice(0, 8)}${reading ? `-${reading}` : ''}`;

/**
 * Loads a data set of the hub: what the cache does not hold is downloaded, decoded and put there, one file after the other,
 * as many as hold the wanted images.
 * @throws LetheError with one sentence when a file cannot be had, is not the expected one, or there is too little space; what is
 * finished stays for the next attempt.
 */
export async function loadFromHub(spec: HubSpec, want: Wanted, options: LoadOptions): Promise<Dataset> {
  const { host } = options;
  if (!host) throw new LetheError(`${spec.label} has to be downloaded, for which there is no place here.`);
  const { cache, locks, memory } = host;
  const throwOut = ({ part }: DamagedPart, signal?: AbortSignal) =>
    locks.hold(setOf(spec), () => forgetPart(spec, cache, part), { signal });
  const onDamage = async (damage: DamagedPart) => {
    await throwOut(damage);
    throw new LetheError(
      `Images of ${spec.label} in the cache turned out to be damaged and were thrown out: run the study again, and they are loaded anew.`,
    );
  };
  for (let attempt = 0; ; attempt++)
    try {
      const manifest = await fillCache(spec, want, host, options);
      const how = { memory, onDamage, check: options };
      return seenAs(spec, await readStored(cache, setOf(spec), manifest, want, spec.id, how));
    } catch (error) {
      if (!(error instanceof DamagedPart) || attempt > 0) throw error;
      await throwOut(error, options.signal);
    }
}

/** The wanted images, if the cache holds them all. */
export async function loadCachedFromHub(
  spec: HubSpec,
  want: Wanted,
  cache: DataCache,
  memory?: number,
): Promise<Dataset | undefined> {
  const manifest = await readManifest(cache, setOf(spec));
  if (!manifest || missingFiles(spec, manifest, want).length > 0) return undefined;
  try {
    return seenAs(spec, await readStored(cache, setOf(spec), manifest, want, spec.id, { memory }));
  } catch (error) {
    if (error instanceof DamagedPart) return undefined;
    throw error;
  }
}

/** Adds how the device transforms the images: the entry says it, the cache holds only the images. */
function seenAs({ normalise, augment }: HubSpec, stored: Dataset): Dataset {
  return { ...stored, normalise, augment };
}

const partName = (spec: HubSpec, file: HubFile) => `${spec.files.indexOf(file)}-${file.split}`;

/**
 * The files that the cache lacks of those that hold the first so many images of each split, in order.
 * @param usual images that a file is taken to hold before it is loaded; with none, all files may be needed that are not there.
 */
function missingFiles(
  spec: HubSpec,
  { parts }: Manifest,
  want: Wanted,
  usual: (split: SplitName) => number = () => 0,
): HubFile[] {
  const held = new Map(
    parts.map(({ name, counts }) => [name, counts.reduce((sum, count) => sum + count, 0)]),
  );
  const found = { train: 0, test: 0 };
  return spec.files.filter((file) => {
    const { split } = file;
    if (found[split] >= want[split]) return false;
    const count = held.get(partName(spec, file));
    found[split] += count ?? usual(split);
    return count === undefined;
  });
}

const emptyManifest = ({ label, classes, shape }: HubSpec): Manifest => ({
  version: 1,
  label,
  classes,
  shape,
  parts: [],
});

/** What will be loaded before these images can be used. */
export async function toLoad(spec: HubSpec, want: Wanted, cache: DataCache): Promise<ToLoad> {
  return amountLacking(spec, (await readManifest(cache, setOf(spec))) ?? emptyManifest(spec), want);
}

function amountLacking(spec: HubSpec, manifest: Manifest, want: Wanted): ToLoad {
  const perFile = (split: SplitName) =>
    spec.available[split] / spec.files.filter((file) => file.split === split).length;
  const files = missingFiles(spec, manifest, want, perFile);
  const imageBytes = spec.shape[0] * spec.shape[1] * spec.shape[2] + 4;
  return {
    download: files.reduce((sum, { bytes }) => sum + bytes, 0),
    kept: files.reduce((sum, { split }) => sum + perFile(split) * imageBytes, 0),
  };
}

/** The cache's manifest, after what is wanted and missing was loaded. Of several processes or tabs that want the same, one loads it. */
async function fillCache(
  spec: HubSpec,
  want: Wanted,
  host: DataHost,
  options: LoadOptions,
): Promise<Manifest> {
  const held = await readManifest(host.cache, setOf(spec));
  if (held && missingFiles(spec, held, want).length === 0) return held;
  const { signal, onProgress } = options;
  const onWait = () => onProgress?.({ done: 0, total: 0, counted: 'bytes', waiting: true });
  return host.locks.hold(setOf(spec), (alive) => fill(spec, want, host, { ...options, signal: alive }), {
    signal,
    onWait,
  });
}

async function fill(spec: HubSpec, want: Wanted, host: DataHost, options: LoadOptions): Promise<Manifest> {
  const set = setOf(spec);
  let manifest = (await readManifest(host.cache, set)) ?? emptyManifest(spec);
  if (missingFiles(spec, manifest, want).length > 0) await checkSpace(spec, manifest, want, host);
  for (let file = missingFiles(spec, manifest, want)[0]; file; file = missingFiles(spec, manifest, want)[0]) {
    options.signal?.throwIfAborted();
    const name = downloadName(spec, file);
    const url = `${host.hub}${spec.repository}/resolve/${spec.revision}/${file.path}`;
    const { sha256 } = file;
    const expected = sha256 ? { bytes: file.bytes, sha256 } : { marks: PARQUET_MARK };
    const buffer = await downloadFile(url, name, host.files, expected, {
      signal: options.signal,
      unreachable: host.unreachable,
      onBytes: (done, total) =>
        options.onProgress?.({ done, total: total || Math.max(done, file!.bytes), counted: 'bytes' }),
    });
    const batches = decodedBatches(spec, file, buffer, host, options);
    const number = String(spec.files.indexOf(file));
    const parts = await writeShards(host.cache, set, number, spec.shape, batches).catch(
      async (error: unknown) => {
        // A wrong file would fail again and is deleted. It stays where the user cancelled or the disk was full.
        if (error instanceof LetheError && !(error instanceof RefusedError)) await host.files.delete(name);
        throw (error as Error).name === 'QuotaExceededError'
          ? new LetheError(`There is no space left for ${spec.label}: free some, and try again.`)
          : error;
      },
    );
    // Parts in the order of the files, also where one was damaged and came again.
    const order = (part: string) => Number.parseInt(part, 10);
    manifest = {
      ...manifest,
      parts: [...manifest.parts, ...parts].sort((a, b) => order(a.name) - order(b.name)),
    };
    await writeManifest(host.cache, set, manifest);
    await host.files.delete(name);
  }
  for (const split of ['train', 'test'] as const)
    if (countOf(manifest, split) < want[split])
      throw new LetheError(
        `${spec.label} came with ${countOf(manifest, split)} ${split} images, fewer than the ${want[split]} that are wanted.`,
      );
  return manifest;
}

const downloadName = (spec: HubSpec, file: HubFile) =>
  `${setOf(spec)}.${file.path.split('/').at(-1)!.toLowerCase()}`;

async function* decodedBatches(
  spec: HubSpec,
  { split, path }: HubFile,
  buffer: AsyncBuffer,
  { decode, rows }: DataHost,
  { signal, onProgress }: LoadOptions,
): AsyncGenerator<ImageBatch> {
  const name = path.split('/').at(-1)!;
  const parquet = await openParquet(buffer, name, { rows, signal });
  const alone = spec.files.filter((file) => file.split === split).length === 1;
  if (alone && parquet.rows !== spec.available[split])
    throw new LetheError(
      `${name} holds ${parquet.rows} images, but ${spec.label} has ${spec.available[split]}.`,
    );
  if (parquet.classes && parquet.classes.length !== spec.classes.length)
    throw new LetheError(
      `${name} has ${parquet.classes.length} classes, but ${spec.label} has ${spec.classes.length}.`,
    );
  const [height, width] = spec.shape;
  const frame = { height, width, fit: spec.resized ? ('cover' as const) : ('exact' as const) };
  let done = 0;
  for await (const { files, labels, nameOf } of parquet.read({ classes: spec.classes.length, signal })) {
    yield { split, images: await decode(files, frame, { signal, nameOf }), labels };
    done += files.length;
    onProgress?.({ done, total: parquet.rows, counted: 'images' });
  }
}

/** @throws LetheError when the missing files and what becomes of them need more space than there is. */
async function checkSpace(spec: HubSpec, manifest: Manifest, want: Wanted, host: DataHost): Promise<void> {
  const free = await host.files.free();
  if (free === undefined) return;
  const files = missingFiles(spec, manifest, want);
  // A download is deleted when its images are decoded, so there is only one at a time.
  const held = await host.files.size(downloadName(spec, files[0]!));
  const largest = Math.max(...files.map(({ bytes }) => bytes));
  const needed = amountLacking(spec, manifest, want).kept + Math.max(0, largest - held);
  if (needed > free)
    throw new LetheError(
      `${spec.label} needs ${bytesText(needed)} of space, but there are only ${bytesText(free)}: free some, or take fewer images or another data set.`,
    );
}

async function forgetPart(spec: HubSpec, cache: DataCache, part: string): Promise<void> {
  const set = setOf(spec);
  const manifest = await readManifest(cache, set);
  if (manifest)
    await writeManifest(cache, set, {
      ...manifest,
      parts: manifest.parts.filter(({ name }) => name !== part),
    });
}
