import { IMAGE_TYPES, imageFormat, imageTypesListed } from '../decode/image-header';
import type { DatasetFormat } from './format';

const extensions = IMAGE_TYPES.flatMap((type) => type.extensions);

export const imageFolder: DatasetFormat = {
  kind: 'dataset',
  id: 'image-folder',
  label: 'Folders of images',
  explanation: `${imageTypesListed('or')} in a folder for each class; \`train/…\` and \`test/…\` (or \`val/…\`) above them are the splits.`,
  reference: 'the layout of torchvision’s `ImageFolder`',
  settings: [],
  listed: 'a folder of images for every class',
  extensions,
  filesOf: (paths) =>
    paths.filter((path) => extensions.some((ending) => path.toLowerCase().endsWith(ending))),
  recognises: (start) => imageFormat(start) !== undefined,
  files: 'folder',
  async open(files, { name, decode, watch }) {
    const reader = await import('../readers/image-folder');
    return reader.imageFolder(files, name, decode, watch);
  },
};
