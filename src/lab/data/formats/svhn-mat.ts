import { SVHN_CLASSES } from '../sources/svhn';
import { type DatasetFormat, named, startsWith } from './format';

export const svhnMat: DatasetFormat = {
  kind: 'dataset',
  id: 'svhn-mat',
  label: 'SVHN’s .mat files',
  explanation:
    '`train_32x32.mat` and `test_32x32.mat`, MAT-files of version 5 with `X` and `y`; the label 10 is the digit 0.',
  reference: 'Netzer et al. 2011; ufldl.stanford.edu/housenumbers, format 2',
  settings: [],
  listed: 'SVHN’s .mat files',
  extensions: ['.mat'],
  filesOf: named(/\.mat$/i),
  recognises: (start) => startsWith(start, 'MATLAB 5.0'),
  files: 'several',
  async open(files) {
    const { svhnStream } = await import('../readers/svhn-mat');
    return svhnStream(files, SVHN_CLASSES);
  },
};
