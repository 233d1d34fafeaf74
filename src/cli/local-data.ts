import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { contentHash } from '../lab/data/content-hash';
import { type DataFile, isLitter } from '../lab/data/data-file';
import type { Dataset } from '../lab/data/dataset';
import { collectStream, type ImageStream } from '../lab/data/image-stream';
import { openFiles } from '../lab/data/open';
import { reportText } from '../lab/data/read-report';
import { DamagedPart } from '../lab/data/shards';
import { datasetSources } from '../lab/data/sources';
import { ownSource } from '../lab/data/sources/own-source';
import { DATA_MEMORY, type DataHost, type DatasetSource, isKeptOnPage } from '../lab/data/sources/source';
import { findStoredSource, storedSetOf, storeImageStream } from '../lab/data/sources/stored-source';
import { bytesText } from '../lab/format';
import { fromTorchvision, type ImageOrder } from '../lab/image-order';
import { LetheError } from '../lab/settings';
import { isMissing, readFileRange } from '../lab/store/node';
import { unreadableFile } from '../lab/store/refused';
import type { Study } from '../lab/study/study';
import type { Watch } from '../lab/watch';
import { openDataHost } from './data-host';
import { checkRegular } from './regular-file';

/**
 * The file at a path, or all files of a folder but those that file managers and tools hide in it.
 * @throws LetheError naming the file that cannot be read.
 */
async function filesAt(path: string): Promise<DataFile[]> {
  try {
    const top = await stat(path);
    checkRegular(path, top);
    if (!top.isDirectory()) return [await fileAt(path, basename(path))];
    const names = (await readdir(path, { recursive: true })).map((name) => name.replaceAll('\\', '/'));
    const files: DataFile[] = [];
    for (const name of names.filter((candidate) => !isLitter(candidate)).sort()) {
      const place = join(path, name);
      const there = await stat(place).catch((error: unknown) => {
        if (isMissing(error)) throw new LetheError(`${place} is a link to a file that is not there.`);
        throw unreadableFile(place, error);
      });
      if (there.isFile()) files.push(await fileAt(place, name));
    }
    return files;
  } catch (error) {
    throw error instanceof LetheError ? error : unreadableFile(path, error);
  }
}

async function fileAt(path: string, shown: string): Promise<DataFile> {
  const { size } = await stat(path);
  return {
    path: shown,
    content: {
      byteLength: size,
      // A folder may hold more files than a process may have open, so each read opens and closes its file.
      async slice(from, to = size) {
        try {
          return (await readFileRange(path, from, to)).buffer;
        } catch (error) {
          throw unreadableFile(path, error);
        }
      },
    },
  };
}

/**
 * Whether what a study or `--data` names is a path; a bare word is an id unless there is such a file.
 * @param base the folder that a path is relative to
 */
export function isPath(source: string, base: string): boolean {
  return !/^[\w-]+$/.test(source) || (!datasetSources.find(source) && existsSync(resolve(base, source)));
}

/** How opening what lies at a path is watched. */
export interface PathWatch extends Watch {
  /** Told in one line what was read. */
  onRead?(text: string): void;
}

function sayRead({ label, report }: DatasetSource, { onRead }: PathWatch): void {
  if (report) onRead?.(`${label}: ${reportText(report)}`);
}

/** The data set at a path, in memory or streamed. @throws LetheError when nothing readable lies at the path. */
export async function openPath(
  path: string,
  host: DataHost,
  watch: PathWatch = {},
  labelColumn?: string,
): Promise<Dataset> {
  const source = await sourceAt({ path, files: await filesAt(path), labelColumn }, host, watch);
  sayRead(source, watch);
  const { order } = source;
  const data = await source.load(source.available, noAsset, { host, ...watch });
  return order ? { ...data, order } : data;
}

/** What lies at a path, and how it is to be read. */
interface LocalFiles {
  path: string;
  files: DataFile[];
  labelColumn?: string;
}

/**
 * The data at a path: in memory, or, if it is larger than memory may hold, in shards in the cache, which are written when it is opened
 * for the first time. The shards' key is the hash of the content, not of names and dates: those change with every copy, and a study
 * is bound to the content anyway.
 * @param hash of the content, where it is known already
 */
async function sourceAt(
  lying: LocalFiles,
  host: DataHost,
  watch: Watch,
  hash?: string,
): Promise<DatasetSource> {
  const { path, files, labelColumn } = lying;
  const held = hash && (await findStoredSource(host.cache, shardsKey(hash, labelColumn)));
  if (held) return mendedSource(lying, held, host, hash);
  const stream = await streamOf(lying, host, watch);
  const [height, width, channels] = stream.shape;
  const bytes = stream.count * height * width * channels;
  if (bytes <= (host.memory ?? DATA_MEMORY)) {
    const read = (watched: Watch) => naming(path, collectStream(stream, path, watched));
    // Planning a study must not wait for its images, so they are decoded on first use.
    if (stream.counts)
      return {
        ...ownSource({ ...stream, id: path, available: stream.counts }, path, read),
        order: stream.order,
      };
    const whole = await read(watch);
    const available = { train: whole.train.count, test: whole.test.count };
    return ownSource({ ...whole, available, notes: stream.notes }, path, async () => whole);
  }
  const settled = hash ?? (await hashOf(files, watch));
  const kept = await storeStream(lying, stream, host, watch, settled);
  return { ...mendedSource(lying, kept, host, settled), order: stream.order };
}

/** Puts the images of files into the cache; of several processes one does it. */
async function storeStream(
  { path, labelColumn }: LocalFiles,
  stream: ImageStream,
  host: DataHost,
  watch: Watch,
  hash: string,
): Promise<DatasetSource> {
  const [height, width, channels] = stream.shape;
  const bytes = stream.count * height * width * channels;
  const about = { hash: shardsKey(hash, labelColumn), label: path };
  const { signal, onProgress } = watch;
  return host.locks.hold(
    storedSetOf(about.hash),
    (alive) =>
      storeImageStream(host.cache, stream, about, { signal: alive, onProgress }, () =>
        checkSpace(path, bytes, host),
      ),
    { signal, onWait: () => onProgress?.({ done: 0, total: 0, counted: 'bytes', waiting: true }) },
  );
}

/** Images in the cache, which are made anew from their files where they turn out to be damaged when they are loaded. */
function mendedSource(lying: LocalFiles, source: DatasetSource, host: DataHost, hash: string): DatasetSource {
  return {
    ...source,
    id: lying.path,
    load: async (want, read, options = {}) => {
      try {
        return await source.load(want, read, options);
      } catch (error) {
        if (!(error instanceof DamagedPart)) throw error;
        const { signal, onProgress } = options;
        const watch = { signal, onProgress };
        const stream = await streamOf(lying, host, watch);
        const anew = await storeStream(lying, stream, host, watch, hash);
        return anew.load(want, read, options);
      }
    },
  };
}

const streamOf = ({ path, files, labelColumn }: LocalFiles, host: DataHost, watch: Watch) =>
  naming(path, openFiles(files, path, host.decode, { ...watch, rows: host.rows, labelColumn }));

/** The picked examples of a study, numbered in torchvision's order, in ours. */
function renumbered(forget: Study['forget'], path: string, order: ImageOrder | undefined): Study['forget'] {
  const { indices } = forget.settings;
  if (!order)
    throw new LetheError(
      `data.order is for folders of images, which torchvision's ImageFolder reads, but ${path} is none.`,
    );
  if (!Array.isArray(indices))
    throw new LetheError('data.order is about picked examples, but the study picks none: leave it out.');
  return {
    ...forget,
    settings: { ...forget.settings, indices: fromTorchvision(order, indices as number[]) },
  };
}

/** Errors name a folder's file relative to the folder; this puts the path of the folder, or of the file, in front. */
async function naming<T>(path: string, reading: Promise<T>): Promise<T> {
  return reading.catch((error: unknown) => {
    if (!(error instanceof LetheError) || error.message.includes(path)) throw error;
    // A single file is called by its name.
    const name = basename(path);
    const rest = error.message.startsWith(name) ? error.message.slice(name.length) : `: ${error.message}`;
    throw new LetheError(`${path}${rest}`);
  });
}

/** @throws LetheError when the cache has too little space for so many bytes of images. */
async function checkSpace(path: string, bytes: number, { files }: DataHost): Promise<void> {
  const free = await files.free();
  if (free !== undefined && bytes > free)
    throw new LetheError(
      `${path} holds more images than memory may, and needs ${bytesText(bytes)} in the cache, but there are only ${bytesText(free)}: free some, name another folder with LETHE_CACHE, or allow more memory with LETHE_DATA_MEMORY.`,
    );
}

/** Raised when the same files are read as other images or splits than before: shards in the cache are then made anew. */
const READING = 4;

/** What the shards of a data set are kept under: its content and how it is read. */
const shardsKey = (hash: string, labelColumn = ''): string =>
  createHash('sha256')
    .update(`${READING} ${hash}${labelColumn && ` ${labelColumn}`}`)
    .digest('hex');

/** The hash of the content. A single file's name does not enter it; the names of a folder's files do. */
function hashOf(files: DataFile[], watch: Watch): Promise<string> {
  const named = files.length > 1 ? files : files.map((file) => ({ ...file, path: '' }));
  return contentHash(named, { ...watch, create: () => createHash('sha256') });
}

const noAsset = () => Promise.reject(new Error('Data of one’s own are no asset.'));

/**
 * If a study names its data by a path, opens them and binds the study to their content. The path becomes absolute, so that the study
 * can be resumed from any folder; the numbers of images are lowered to what there is.
 * @param base the folder of the study's file
 */
export async function withLocalData(
  study: Study,
  base: string,
  watch: PathWatch = {},
  host: DataHost = openDataHost(),
): Promise<Study> {
  const { source, sha256, train, test, order, ...others } = study.data;
  const { labelColumn } = others;
  if (!isPath(source, base)) return study;
  if (isKeptOnPage(source))
    throw new LetheError(
      `The study's images were brought to the page, which keeps them for itself: name their files with --set data.source=PATH.`,
    );
  const path = resolve(base, source);
  const files = await filesAt(path);
  const found = await hashOf(files, watch);
  if (sha256 && found !== sha256)
    throw new LetheError(`${path} is not the data that the study was made with: its SHA-256 differs.`);
  const lying = { path, files, labelColumn };
  const opened = await sourceAt(lying, host, watch, found);
  const { available } = opened;
  if (available.test === 0)
    throw new LetheError(
      `${path} holds no test images, which a study needs: add a folder or file whose name begins with test, to a .safetensors test_images and test_labels, or six images or more of a class.`,
    );
  sayRead(opened, watch);
  datasetSources.add(opened);
  const data = {
    ...others,
    source: path,
    sha256: found,
    train: Math.min(train, available.train),
    test: Math.min(test, available.test),
  };
  const orderOfFolder = order && (opened.order ?? (await streamOf(lying, host, watch)).order);
  return { ...study, data, forget: order ? renumbered(study.forget, path, orderOfFolder) : study.forget };
}
