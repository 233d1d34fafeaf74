import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { contentHash } from '../lab/data/content-hash';
import { type DataFile, isLitter } from '../lab/data/data-file';
import type { Dataset, Watch } from '../lab/data/dataset';
import { collectStream } from '../lab/data/image-stream';
import { openFiles } from '../lab/data/open';
import { datasetSources } from '../lab/data/sources';
import { ownSource } from '../lab/data/sources/own-source';
import { DATA_MEMORY, type DataHost, type DatasetSource, isKeptOnPage } from '../lab/data/sources/source';
import { findStoredSource, storedSetOf, storeImageStream } from '../lab/data/sources/stored-source';
import { bytesText } from '../lab/format';
import { LetheError } from '../lab/settings';
import { isMissing, readFileRange } from '../lab/store/node';
import { unreadableFile } from '../lab/store/refused';
import type { Study } from '../lab/study/study';
import { openDataHost } from './data-host';
import { checkRegular } from './regular-file';

/**
 * The file at a path, or all files of a folder but those that file managers and tools hide in it.
 * @throws LetheError naming the file that cannot be read.
 */
export async function filesAt(path: string): Promise<DataFile[]> {
  try {
    const top = await stat(path);
    checkRegular(path, top);
    if (!top.isDirectory()) return [await fileAt(path, path)];
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

/** The data set at a path, in memory or streamed. @throws LetheError when nothing readable lies at the path. */
export async function openPath(path: string, host: DataHost, watch: Watch = {}): Promise<Dataset> {
  const source = await sourceAt(path, await filesAt(path), host, watch);
  return source.load(source.available, noAsset, { host, ...watch });
}

/**
 * The data at a path: in memory, or, if it is larger than memory may hold, in shards in the cache, which are written when it is opened
 * for the first time. The shards' key is the hash of the content, not of names and dates: those change with every copy, and a study
 * is bound to the content anyway.
 * @param hash of the content, where it is known already
 */
async function sourceAt(
  path: string,
  files: DataFile[],
  host: DataHost,
  watch: Watch,
  hash?: string,
): Promise<DatasetSource> {
  const held = hash && (await findStoredSource(host.cache, hash));
  if (held) return { ...held, id: path };
  const stream = await naming(path, openFiles(files, path, host.decode, watch));
  const [height, width, channels] = stream.shape;
  const bytes = stream.count * height * width * channels;
  if (bytes <= (host.memory ?? DATA_MEMORY)) {
    const read = (watched: Watch) => naming(path, collectStream(stream, path, watched));
    // Planning a study must not wait for its images, so they are decoded on first use.
    if (stream.counts) return ownSource({ ...stream, id: path, available: stream.counts }, path, read);
    const whole = await read(watch);
    const available = { train: whole.train.count, test: whole.test.count };
    return ownSource({ ...whole, available }, path, async () => whole);
  }
  const about = { hash: hash ?? (await hashOf(files, watch)), label: path };
  const { signal, onProgress } = watch;
  const kept = await host.locks.hold(
    storedSetOf(about.hash),
    (alive) =>
      storeImageStream(host.cache, stream, about, { signal: alive, onProgress }, () =>
        checkSpace(path, bytes, host),
      ),
    { signal, onWait: () => onProgress?.({ done: 0, total: 0, unit: 'bytes', waiting: true }) },
  );
  return { ...kept, id: path };
}

/** Errors name a folder's file relative to the folder; this puts the path of the folder, or of the file, in front. */
async function naming<T>(path: string, reading: Promise<T>): Promise<T> {
  return reading.catch((error: unknown) => {
    if (!(error instanceof LetheError) || error.message.includes(path)) throw error;
    throw new LetheError(`${path}: ${error.message}`);
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
  watch: Watch = {},
  host: DataHost = openDataHost(),
): Promise<Study> {
  const { source, sha256, train, test } = study.data;
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
  const opened = await sourceAt(path, files, host, watch, found);
  const { available } = opened;
  if (available.test === 0)
    throw new LetheError(
      `${path} holds no test images, which a study needs: add a folder or file whose name begins with test, to a .safetensors test_images and test_labels, or six images or more of a class.`,
    );
  datasetSources.add(opened);
  const data = {
    source: path,
    sha256: found,
    train: Math.min(train, available.train),
    test: Math.min(test, available.test),
  };
  return { ...study, data };
}
