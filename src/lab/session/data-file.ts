import { contentHash } from '../data/content-hash';
import { blobBuffer } from '../data/data-file';
import { openFiles } from '../data/open';
import type { DataHost, DatasetSource, LoadOptions } from '../data/source';
import { keepStream } from '../data/stored-source';
import { LetheError } from '../settings';

/**
 * Keeps a data file of the reader's own under its content.
 * @returns its entry, to be added to the registry
 * @throws LetheError when it cannot be read as a data set, or there is no place for it.
 */
export async function keepDataFile(
  file: File,
  host: DataHost | undefined,
  onProgress?: LoadOptions['onProgress'],
): Promise<DatasetSource> {
  if (!host) throw new LetheError('There is no place for data files here.');
  const content = blobBuffer(file);
  // Alone a file is the same whatever it is called.
  const hash = await contentHash([{ path: '', content }]);
  const stream = await openFiles([{ path: file.name, content }], file.name, host.decode);
  return host.locks.hold(`file-${hash.slice(0, 16)}`, (signal) =>
    keepStream(host.cache, stream, { hash, label: file.name }, { signal, onProgress }),
  );
}
