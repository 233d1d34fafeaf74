import { LetheError } from '../../settings';
import { bytesOf, type DataFile, isLitter, memoryFile } from '../data-file';
import { type ArchiveFormat, named, startsWith } from './format';

export const zip: ArchiveFormat = {
  kind: 'archive',
  id: 'zip',
  label: 'zip',
  explanation: 'Unpacked in memory; then the files in it are read like those of a folder.',
  reference: 'PKWARE APPNOTE; stored and deflated entries',
  settings: [],
  listed: 'zip',
  extensions: ['.zip'],
  filesOf: named(/\.zip$/i),
  recognises: (start) => startsWith(start, 'PK\x03\x04'),
  async unpack(file) {
    const [{ unzipSync }, bytes] = await Promise.all([import('fflate'), bytesOf(file)]);
    try {
      const entries = unzipSync(bytes, {
        filter: ({ name }) => !/[\\/]$/.test(name) && !isLitter(slashed(name)),
      });
      return Object.entries(entries).map(([path, content]): DataFile => memoryFile(slashed(path), content));
    } catch {
      throw new LetheError(`${file.path} is damaged or cut off: it cannot be unzipped.`);
    }
  },
};

/** Some programs on Windows put backslashes between folders. */
const slashed = (path: string): string => path.replaceAll('\\', '/');
