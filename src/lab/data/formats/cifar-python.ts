import { isPickle } from '../../nn/checkpoints/plain-pickle';
import type { DatasetFormat } from './format';

const CIFAR10 = /(^|\/)(data_batch_[1-5]|test_batch|batches\.meta)$/i;

/** Whether a pickle is one of CIFAR's batches, by the names at its beginning: written anew, they may begin with the array. */
export function isCifarPickle(start: Uint8Array): boolean {
  const names = /batch_label|fine_labels|label_names|data[\s\S]{0,60}numpy/;
  return isPickle(start) && names.test(String.fromCharCode(...start));
}

export const cifarPython: DatasetFormat = {
  kind: 'dataset',
  id: 'cifar-python',
  label: 'CIFAR-10 and CIFAR-100 for Python',
  explanation:
    '`data_batch_1` … `test_batch`, or `train` and `test`, as in `cifar-10-python.tar.gz` and `cifar-100-python.tar.gz`; nothing in the pickles is executed. Of CIFAR-100’s labels `fine_labels` are read unless `--label-column coarse_labels` says otherwise.',
  reference: 'Krizhevsky 2009; cs.toronto.edu/~kriz/cifar.html, Python version',
  settings: [],
  listed: 'CIFAR-10’s and CIFAR-100’s files for Python',
  extensions: [],
  filesOf(paths) {
    const own = paths.filter((path) => CIFAR10.test(path));
    if (own.length > 0) return own;
    // `train` and `test` may be anything, unless CIFAR-100's list of names lies beside them, or they in its folder.
    const folders = paths
      .filter((path) => /(^|\/)meta$/.test(path))
      .map((path) => path.slice(0, -'meta'.length));
    return paths.filter((path) => {
      const [, folder = '', name = ''] = /^(.*\/)?([^/]*)$/.exec(path) ?? [];
      const isNear = folders.includes(folder) || folder.endsWith('cifar-100-python/');
      return isNear && /^(train|test|meta)$/.test(name);
    });
  },
  recognises: isCifarPickle,
  files: 'several',
  async open(files, { name, labelColumn }) {
    const { cifarPythonStream } = await import('../readers/cifar-python');
    return cifarPythonStream(files, name, labelColumn);
  },
};
