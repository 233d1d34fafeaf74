import { unzipSync } from 'fflate';
import { parseTarGzip } from 'nanotar';
import { LetheError } from '../../settings';
import { bytesOf, type DataFile, isLitter, memoryFile } from '../data-file';

/** The files of a zip. @throws LetheError when it is damaged. */
export async function filesOfZip(file: DataFile): Promise<DataFile[]> {
  const bytes = await bytesOf(file);
  try {
    const entries = unzipSync(bytes, {
      filter: ({ name }) => !/[\\/]$/.test(name) && !isLitter(slashed(name)),
    });
    return Object.entries(entries).map(([path, bytes]) => memoryFile(slashed(path), bytes));
  } catch {
    throw new LetheError(`${file.path} is damaged or cut off: it cannot be unzipped.`);
  }
}

/** Some of Windows' programs put its own mark between folders. */
const slashed = (path: string): string => path.replaceAll('\\', '/');

/** The files of a tar in gzip. @throws LetheError when it is damaged or holds something else. */
export async function filesOfTarGzip(file: DataFile): Promise<DataFile[]> {
  const damaged = new LetheError(`${file.path} is damaged or cut off: it cannot be unpacked.`);
  const bytes = await bytesOf(file);
  const entries = await parseTarGzip(bytes).catch(() => {
    throw damaged;
  });
  const files = entries.filter(({ type, name }) => type === 'file' && !isLitter(name.replace(/^\.\//, '')));
  // The end of a tar that was cut before it was compressed is missed by nobody else.
  if (files.length === 0 || files.some(({ data, size }) => data?.length !== size)) throw damaged;
  return files.map(({ name, data }) => memoryFile(name.replace(/^\.\//, ''), data!));
}
