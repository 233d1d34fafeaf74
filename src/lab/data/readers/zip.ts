import { unzipSync } from 'fflate';
import { LetheError } from '../../settings';
import { bytesOf, type DataFile, isLitter, memoryFile } from '../data-file';

/** The files in a zip. @throws LetheError when it is damaged or cut off. */
export async function filesOfZip(file: DataFile): Promise<DataFile[]> {
  const bytes = await bytesOf(file);
  try {
    const entries = unzipSync(bytes, {
      filter: ({ name }) => !/[\\/]$/.test(name) && !isLitter(slashed(name)),
    });
    return Object.entries(entries).map(([path, content]) => memoryFile(slashed(path), content));
  } catch {
    throw new LetheError(`${file.path} is damaged or cut off: it cannot be unzipped.`);
  }
}

/** Some programs on Windows put backslashes between folders. */
const slashed = (path: string): string => path.replaceAll('\\', '/');
