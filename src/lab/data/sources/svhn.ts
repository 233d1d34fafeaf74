import { hubSource } from './hub-source';

export const SVHN_CLASSES = Array.from({ length: 10 }, (_, digit) => String(digit));

export const svhn = hubSource({
  id: 'svhn',
  label: 'SVHN',
  explanation:
    'House numbers photographed from the street, one digit in the middle of each, 73,257 to train on and 26,032 to test on; about 183 MB are downloaded when a study first uses them.',
  reference:
    'Netzer et al. 2011, Reading Digits in Natural Images with Unsupervised Feature Learning; without its extra split.',
  settings: [],
  classes: SVHN_CLASSES,
  shape: [32, 32, 3],
  available: { train: 73_257, test: 26_032 },
  repository: 'ufldl-stanford/svhn',
  revision: 'f9e1717d73324ebbc1ece84267ccd80d0aca0690',
  files: [
    { path: 'cropped_digits/train-00000-of-00001.parquet', split: 'train', bytes: 136_000_000 },
    { path: 'cropped_digits/test-00000-of-00001.parquet', split: 'test', bytes: 47_000_000 },
  ],
});
