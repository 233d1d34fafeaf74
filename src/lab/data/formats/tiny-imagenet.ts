import type { DatasetFormat } from './format';

const LIST = /(^|\/)val\/val_annotations\.txt$/;

export const tinyImageNet: DatasetFormat = {
  kind: 'dataset',
  id: 'tiny-imagenet',
  label: 'Tiny-ImageNet’s folders',
  explanation:
    '`train/<class>/images`, and for testing `val/images` with the classes of `val_annotations.txt`; the images in `test` have no labels and are left out. Classes have the names of `words.txt`, in the order of their WordNet numbers.',
  reference: 'Stanford CS231N, tiny-imagenet-200',
  settings: [],
  listed: 'Tiny-ImageNet’s folders',
  extensions: ['.jpeg'],
  filesOf(paths) {
    const list = paths.find((path) => LIST.test(path));
    if (list === undefined) return [];
    const root = list.replace(/val\/val_annotations\.txt$/, '');
    const own = /^(train\/.*\.jpe?g|val\/images\/.*|test\/images\/.*|words\.txt|val\/val_annotations\.txt)$/i;
    return paths.filter((path) => path.startsWith(root) && own.test(path.slice(root.length)));
  },
  files: 'folder',
  async open(files, { name, decode, watch }) {
    const reader = await import('../readers/tiny-imagenet');
    return reader.tinyImageNet(files, name, decode, watch);
  },
};
