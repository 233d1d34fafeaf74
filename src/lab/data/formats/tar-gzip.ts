import { LetheError } from '../../settings';
import { bytesOf, isLitter, memoryFile } from '../data-file';
import { type ArchiveFormat, named, startsWith } from './format';

export const tarGzip: ArchiveFormat = {
  kind: 'archive',
  id: 'tar-gzip',
  label: 'tar.gz',
  explanation: 'Unpacked in memory; then the files in it are read like those of a folder.',
  reference: 'POSIX ustar in gzip (RFC 1952)',
  settings: [],
  listed: 'tar.gz',
  extensions: ['.tar.gz', '.tgz'],
  filesOf: named(/\.(tar\.gz|tgz)$/i),
  recognises: (start) => startsWith(start, '\x1f\x8b'),
  async unpack(file) {
    const damaged = new LetheError(`${file.path} is damaged or cut off: it cannot be unpacked.`);
    const [{ parseTarGzip }, bytes] = await Promise.all([import('nanotar'), bytesOf(file)]);
    const entries = await parseTarGzip(bytes).catch(() => {
      throw damaged;
    });
    const files = entries.filter(({ type, name }) => type === 'file' && !isLitter(inside(name)));
    // nanotar does not notice a tar that was cut off before it was compressed: its last file is shorter than announced.
    if (files.length === 0 || files.some(({ data, size }) => data?.length !== size)) throw damaged;
    return files.map(({ name, data }) => memoryFile(inside(name), data!));
  },
};

/** Tars made of `.` begin every path with `./`. */
const inside = (name: string): string => name.replace(/^\.\//, '');
