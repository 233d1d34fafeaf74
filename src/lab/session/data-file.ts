import { contentHash } from '../data/content-hash';
import { blobBuffer, isLitter, memoryFile, nameOfFiles } from '../data/data-file';
import { checkTogether, openFiles } from '../data/open';
import type { DataHost, DatasetSource, LoadOptions } from '../data/sources/source';
import { storedSetOf, storeImageStream } from '../data/sources/stored-source';
import type { PageFile } from '../lab-api';
import { LetheError } from '../settings';

/**
 * Keeps files of the reader's own, which together are one data set, under their content.
 * @param labelColumn of several columns with classes the one that is meant
 * @returns its entry, to be added to the registry
 * @throws LetheError when they cannot be read as a data set, or there is no place for it.
 */
export async function keepDataFiles(
  given: PageFile[],
  host: DataHost | undefined,
  onProgress?: LoadOptions['onProgress'],
  labelColumn?: string,
): Promise<DatasetSource> {
  if (!host) throw new LetheError('There is no place for data files here.');
  const single = given.length === 1;
  // In the order of their names, whatever order the page got them in: they make the same data set.
  const files = given
    .filter(({ path }) => single || !isLitter(path))
    .map(({ path, file }) => ({ path, content: blobBuffer(file) }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  if (!single && files.every(({ path }) => !path.includes('/'))) checkTogether(files);
  const label = nameOfFiles(files.map(({ path }) => path));
  // Alone a file is the same whatever it is called.
  const named = single ? [{ ...files[0]!, path: '' }] : files;
  // Read by another column they are another data set.
  const choice = memoryFile('label column', new TextEncoder().encode(labelColumn));
  const hash = await contentHash(labelColumn === undefined ? named : [...named, choice]);
  const stream = await openFiles(files, label, host.decode, { rows: host.rows, labelColumn });
  return host.locks.hold(storedSetOf(hash), (signal) =>
    storeImageStream(host.cache, stream, { hash, label }, { signal, onProgress }),
  );
}
