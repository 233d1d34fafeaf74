import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { datasetSources } from '../lab/data';
import { contentHash } from '../lab/data/content-hash';
import { type DataFile, isLitter } from '../lab/data/data-file';
import { collect, type Watch } from '../lab/data/image-stream';
import { openFiles } from '../lab/data/open';
import { ownSource } from '../lab/data/own-source';
import {
  DATA_MEMORY,
  type DataHost,
  type Dataset,
  type DatasetSource,
  isKeptOnPage,
} from '../lab/data/source';
import { heldSource, keepStream, setOf } from '../lab/data/stored-source';
import { bytesText } from '../lab/format';
import { LetheError } from '../lab/settings';
import { isMissing, readRange } from '../lab/store/node';
import { unreadable } from '../lab/store/refused';
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
        throw unreadable(place, error);
      });
      if (there.isFile()) files.push(await fileAt(place, name));
    }
    return files;
  } catch (error) {
    throw error instanceof LetheError ? error : unreadable(path, error);
  }
}

async function fileAt(path: string, shown: string): Promise<DataFile> {
  const { size } = await stat(path);
  return {
    path: shown,
    content: {
      byteLength: size,
      // Opened for each piece: a folder may hold more files than may be open at once.
      async slice(from, to = size) {
        try {
          return (await readRange(path, from, to)).buffer;
        } catch (error) {
          throw unreadable(path, error);
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

/** A data set of one's own, in memory or streamed. @throws LetheError when nothing readable lies at the path. */
export async function openPath(path: string, host: DataHost, watch: Watch = {}): Promise<Dataset> {
  const source = await sourceAt(path, await filesAt(path), host, watch);
  return source.load(source.available, noAsset, { host, ...watch });
}

/**
 * What lies at a path: in memory, or where that may not hold it, in the cache's shards under the hash of its content, made when it is
 * opened for the first time. The content and not names and dates: those change with every copy and say nothing of what the files
 * hold, and a study is bound to the content in any case.
 * @param hash of the content, where it is known already
 */
async function sourceAt(
  path: string,
  files: DataFile[],
  host: DataHost,
  watch: Watch,
  hash?: string,
): Promise<DatasetSource> {
  const held = hash && (await heldSource(host.cache, hash));
  if (held) return { ...held, id: path };
  const stream = await naming(path, openFiles(files, path, host.decode, watch));
  const [height, width, channels] = stream.shape;
  const bytes = stream.count * height * width * channels;
  if (bytes <= (host.memory ?? DATA_MEMORY)) {
    const read = (watched: Watch) => naming(path, collect(stream, path, watched));
    // Who only plans a study need not wait for its images.
    if (stream.counts) return ownSource({ ...stream, id: path, available: stream.counts }, path, read);
    const whole = await read(watch);
    const available = { train: whole.train.count, test: whole.test.count };
    return ownSource({ ...whole, available }, path, async () => whole);
  }
  const about = { hash: hash ?? (await hashOf(files, watch)), label: path };
  const { signal, onProgress } = watch;
  const kept = await host.locks.hold(
    setOf(about.hash),
    (alive) =>
      keepStream(host.cache, stream, about, { signal: alive, onProgress }, () =>
        checkSpace(path, bytes, host),
      ),
    { signal, onWait: () => onProgress?.({ done: 0, total: 0, unit: 'bytes', waiting: true }) },
  );
  return { ...kept, id: path };
}

/** A file of a folder is named from there on: says which folder, or which of a command's files it is about. */
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

/** Of one file its name does not count. */
function hashOf(files: DataFile[], watch: Watch): Promise<string> {
  const named = files.length > 1 ? files : files.map((file) => ({ ...file, path: '' }));
  return contentHash(named, { ...watch, create: () => createHash('sha256') });
}

const noAsset = () => Promise.reject(new Error('Data of one’s own are no asset.'));

/**
 * Opens the data that a study names by its path, if it does, and binds the study to its content: the path becomes absolute, so that
 * it can be resumed from anywhere, and no more is asked of it than it holds.
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
