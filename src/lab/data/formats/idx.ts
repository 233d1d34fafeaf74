import { type DatasetFormat, named } from './format';

export const idx: DatasetFormat = {
  kind: 'dataset',
  id: 'idx',
  label: 'MNIST’s IDX files',
  explanation:
    '`train-images-idx3-ubyte` and `train-labels-idx1-ubyte`, and for testing `t10k-…`, each packed with gzip or not; also Fashion-MNIST’s, KMNIST’s and EMNIST’s.',
  reference: 'LeCun, Cortes and Burges 1998; yann.lecun.com/exdb/mnist',
  settings: [],
  listed: 'MNIST’s IDX files',
  extensions: ['.idx3-ubyte', '.idx1-ubyte'],
  filesOf: named(/(images|labels)[-_.]?idx\d([-_.](ubyte|int))?(\.gz)?$/i),
  files: 'several',
  async open(files, { name }) {
    const { idxStream } = await import('../readers/idx');
    return idxStream(files, name);
  },
};
