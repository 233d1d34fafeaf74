import { contentHash } from '../data/content-hash';
import { type DataFile, isLitter, memoryFile, nameOfFiles } from '../data/data-file';
import { checkTogether, openFiles } from '../data/open';
import type { DataHost, DatasetSource } from '../data/sources/source';
import { findStoredSource, storedSetOf, storeImageStream } from '../data/sources/stored-source';
import type { PageFile } from '../lab-api';
import { rangesOfBlob } from '../ranges';
import { LetheError } from '../settings';
import type { LoadProgress, Watch } from '../watch';

/** Raised when the same files are read as other images, labels or splits than before: they then make another data set. */
const READING = 3;

/**
 * Keeps files of the reader's own, which together are one data set, under their content: all of it, or nothing.
 * @param labelColumn of several columns with classes the one that is meant
 * @returns its entry, to be added to the registry
 * @throws LetheError when they cannot be read as a data set, or there is no place for it.
 */
export async function keepDataFiles(
  given: PageFile[],
  host: DataHost | undefined,
  { signal, onProgress = () => {} }: Watch = {},
  labelColumn?: string,
): Promise<DatasetSource> {
  if (!host) throw new LetheError('There is no place for data files here.');
  const single = given.length === 1;
  // In the order of their names, whatever order the page got them in: they make the same data set.
  const files = given
    .filter(({ path }) => single || !isLitter(path))
    .map(({ path, file }) => ({ path, content: rangesOfBlob(file) }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  if (!single && files.every(({ path }) => !path.includes('/'))) checkTogether(files);
  const label = nameOfFiles(files.map(({ path }) => path));
  // Alone a file is the same whatever it is called.
  const named = single ? [{ ...files[0]!, path: '' }] : files;
  // Read by another column, or as another version read them, they are another data set.
  const how = [`reading ${READING}`, ...(labelColumn === undefined ? [] : [`label column ${labelColumn}`])];
  const asRead = how.map((what) => memoryFile(what, new Uint8Array()));
  const hash = await contentHash([...named, ...asRead], {
    signal,
    onProgress: (progress) => onProgress({ ...progress, identifying: true }),
  });
  const held = await findStoredSource(host.cache, hash);
  if (held) return held;
  const stream = await openWatched(files, { signal, onProgress }, (files, watch) =>
    openFiles(files, label, host.decode, { ...watch, rows: host.rows, labelColumn }),
  );
  const onKept = (progress: LoadProgress) => onProgress({ ...progress, keeping: true });
  return host.locks.hold(
    storedSetOf(hash),
    (alive) => storeImageStream(host.cache, stream, { hash, label }, { signal: alive, onProgress: onKept }),
    { signal, onWait: () => onProgress({ done: 0, total: 0, counted: 'bytes', waiting: true }) },
  );
}

/** Opens files so that reading them tells how far it is, in bytes until the reader counts its images itself, and can be ended. */
async function openWatched<T>(
  files: DataFile[],
  { signal, onProgress }: Required<Pick<Watch, 'onProgress'>> & Watch,
  open: (files: DataFile[], watch: Watch) => Promise<T>,
): Promise<T> {
  const total = files.reduce((sum, { content }) => sum + content.byteLength, 0);
  let done = 0;
  let isCounted = false;
  const watched = files.map(({ path, content }) => ({
    path,
    content: {
      byteLength: content.byteLength,
      async slice(from: number, to?: number) {
        signal?.throwIfAborted();
        const bytes = await content.slice(from, to);
        // Some of it may be read more than once.
        done = Math.min(total, done + bytes.byteLength);
        if (!isCounted) onProgress({ done, total, counted: 'bytes' });
        return bytes;
      },
    },
  }));
  const opened = await open(watched, {
    signal,
    onProgress(progress) {
      isCounted = true;
      onProgress(progress);
    },
  });
  isCounted = true;
  return opened;
}
