import { hubSource } from './hub-source';

/** In the order of the labels. */
export const CIFAR10_CLASSES = [
  'airplane',
  'automobile',
  'bird',
  'cat',
  'deer',
  'dog',
  'frog',
  'horse',
  'ship',
  'truck',
];

export const cifar10 = hubSource({
  id: 'cifar10',
  label: 'CIFAR-10',
  explanation:
    'Small colour photographs of ten kinds of animals and vehicles, 50,000 to train on and 10,000 to test on; 144 MB are downloaded when a study first uses them.',
  reference: 'Krizhevsky 2009, Learning Multiple Layers of Features from Tiny Images.',
  settings: [],
  classes: CIFAR10_CLASSES,
  shape: [32, 32, 3],
  available: { train: 50_000, test: 10_000 },
  repository: 'uoft-cs/cifar10',
  revision: '0b2714987fa478483af9968de7c934580d0bb9a2',
  files: [
    {
      path: 'plain_text/train-00000-of-00001.parquet',
      split: 'train',
      bytes: 119_705_255,
      sha256: '8428b53a88a11ac374111006708df51469e315a22ac6d66470afd9c78d2ae883',
    },
    {
      path: 'plain_text/test-00000-of-00001.parquet',
      split: 'test',
      bytes: 23_940_850,
      sha256: '841389e6f2d64f28bf17310e430aebac20ec3ba611a3c5e231dc93c645ce84de',
    },
  ],
});
