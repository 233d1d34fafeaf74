import type { DatasetFormat } from './format';

const BATCH = /(^|\/)(train|test)\.bin$/i;
const NAMES = /(^|\/)(fine|coarse)_label_names\.txt$/i;

/** Its records have no mark at their beginning: only names tell. */
export const cifar100Binary: DatasetFormat = {
  kind: 'dataset',
  id: 'cifar100-binary',
  label: 'CIFAR-100’s binary files',
  explanation:
    '`train.bin` and `test.bin`, as in `cifar-100-binary.tar.gz`, with the names of the classes from the lists beside them. The fine labels are read unless `--label-column coarse_labels` says otherwise.',
  reference: 'Krizhevsky 2009; cs.toronto.edu/~kriz/cifar.html, binary version',
  settings: [],
  listed: 'CIFAR-100’s binary files',
  extensions: ['.bin'],
  filesOf: (paths) =>
    paths.some((path) => BATCH.test(path))
      ? paths.filter((path) => BATCH.test(path) || NAMES.test(path))
      : [],
  files: 'several',
  async open(files, { name, labelColumn }) {
    const { cifar100Stream } = await import('../readers/cifar100-binary');
    return cifar100Stream(files, name, labelColumn);
  },
};
