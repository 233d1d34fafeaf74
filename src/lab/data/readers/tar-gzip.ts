import { parseTarGzip } from 'nanotar';
import { LetheError } from '../../settings';
import { bytesOf, type DataFile, isLitter, memoryFile } from '../data-file';

/** The files of a tar in gzip. @throws LetheError when it is damaged, cut off, or holds something else. */
export async function filesOfTarGzip(file: DataFile): Promise<DataFile[]> {
  const damaged = new LetheError(`${file.path} is damaged or cut off: it cannot be unpacked.`);
  const bytes = await bytesOf(file);
  const entries = await parseTarGzip(bytes).catch(() => {
    throw damaged;
  });
  const files = entries.filter(({ type, name }) => type === 'file' && !isLitter(inside(name)));
  // nanotar does not notice a tar that was cut off before it was compressed: its last file is shorter than announced.
  if (files.length === 0 || files.some(({ data, size }) => data?.length !== size)) throw damaged;
  return files.map(({ name, data }) => memoryFile(inside(name), data!));
}

/** Tars made of the folder `.` begin every path with `./`. */
const inside = (name: string): string => name.replace(/^\.\//, '');
