import { CIFAR10_CLASSES } from '../sources/cifar10';
import { type DatasetFormat, named } from './format';

/** Its records have no mark at their beginning: only names tell. */
export const cifarBinary: DatasetFormat = {
  kind: 'dataset',
  id: 'cifar-binary',
  label: 'CIFAR-10’s binary files',
  explanation: '`data_batch_1.bin` … `test_batch.bin`, as in `cifar-10-binary.tar.gz`.',
  reference: 'Krizhevsky 2009; cs.toronto.edu/~kriz/cifar.html, binary version',
  settings: [],
  listed: 'CIFAR-10’s binary files',
  extensions: ['.bin'],
  filesOf: named(/(^|\/)(data_batch_[1-5]|test_batch)\.bin$/i),
  files: 'several',
  async open(files) {
    const { cifarStream } = await import('../readers/cifar-binary');
    return cifarStream(files, CIFAR10_CLASSES);
  },
};
