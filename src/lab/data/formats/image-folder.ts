import {
  IMAGE_TYPES,
  imageFormat,
  imageTypesListed,
  isImageName,
  unreadImageType,
} from '../decode/image-header';
import type { DatasetFormat } from './format';

const extensions = IMAGE_TYPES.flatMap((type) => type.extensions);

export const imageFolder: DatasetFormat = {
  kind: 'dataset',
  id: 'image-folder',
  label: 'Folders of images',
  explanation: `${imageTypesListed('or')} in a folder for each class; \`train\` and \`test\` (or \`val\`) above or in them are the splits.`,
  reference: 'the layout of torchvision’s `ImageFolder`',
  settings: [],
  listed: 'a folder of images for every class',
  extensions,
  // Images that are not read belong to it, too: the reader refuses them by what they are.
  filesOf: (paths) => paths.filter((path) => isImageName(path) || unreadImageType(path) !== undefined),
  recognises: (start) => imageFormat(start) !== undefined,
  files: 'folder',
  takesUnnamed: true,
  async open(files, { name, decode, watch }) {
    const reader = await import('../readers/image-folder');
    return reader.imageFolder(files, name, decode, watch);
  },
};
