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
    const { filesOfZip } = await import('../readers/zip');
    return filesOfZip(file);
  },
};
