import { type ArchiveFormat, named, startsWith } from './format';

export const tar: ArchiveFormat = {
  kind: 'archive',
  id: 'tar',
  label: 'tar',
  explanation: 'The files in it are read where they lie, like those of a folder.',
  reference: 'POSIX ustar and pax, GNU tar',
  settings: [],
  listed: 'tar',
  extensions: ['.tar'],
  filesOf: named(/\.tar$/i),
  recognises: (start) => startsWith(start.subarray(257), 'ustar'),
  async unpack(file) {
    const { filesOfTar } = await import('../readers/tar');
    return filesOfTar(file);
  },
};
