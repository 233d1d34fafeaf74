import { type ArchiveFormat, named, startsWith } from './format';

export const zip: ArchiveFormat = {
  kind: 'archive',
  id: 'zip',
  label: 'zip',
  explanation: 'The files in it are read like those of a folder, each unpacked when it is read.',
  reference: 'PKWARE APPNOTE; stored and deflated entries',
  settings: [],
  listed: 'zip',
  extensions: ['.zip'],
  filesOf: named(/\.(zip|npz)$/i),
  // One without any file begins with its end.
  recognises: (start) => startsWith(start, 'PK\x03\x04') || startsWith(start, 'PK\x05\x06'),
  async unpack(file, limit) {
    const { filesOfZip } = await import('../readers/zip');
    return filesOfZip(file, limit);
  },
};
