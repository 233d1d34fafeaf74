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
  async unpack(file, limit) {
    const { filesOfTarGzip } = await import('../readers/tar-gzip');
    return filesOfTarGzip(file, limit);
  },
};
