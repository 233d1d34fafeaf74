import { gzipSync, zipSync } from 'fflate';
import { createTar } from 'nanotar';
import { encodeSafetensors } from '../../src/lab/nn/safetensors';
import { cifarPickle, matFile, npyFile, parquetFile, png } from './data-files';

/** Images in every sample. */
export const COUNT = 12;
const numbers = Array.from({ length: COUNT }, (_, i) => i);
export const folderOfImages = Object.fromEntries(
  numbers.map((i) => [`set/${i % 2 ? 'cat' : 'dog'}/${i}.png`, png(i, 4)]),
);
const tarOfImages = new Uint8Array(
  createTar(Object.entries(folderOfImages).map(([name, data]) => ({ name, data }))),
);
const sizes = (...values: number[]) => values.flatMap((value) => [0, 0, 0, value]);
export const text = (letters: string) => Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
export const tensors = (names: [string, string]) =>
  encodeSafetensors({
    [names[0]]: { shape: [COUNT, 4, 4, 1], data: new Uint8Array(16 * COUNT) },
    [names[1]]: { shape: [COUNT], data: Int32Array.from(numbers, (i) => i % 2) },
  });

/** A small data set of twelve images in every format, by its id. A new format gets a line here. */
export const SAMPLES: Record<string, Record<string, Uint8Array>> = {
  parquet: {
    'train.parquet': parquetFile(
      numbers.map((i) => png(i, 4)),
      numbers.map((i) => i % 2),
    ),
  },
  'cifar-binary': { 'data_batch_1.bin': new Uint8Array(3073 * COUNT) },
  'cifar-python': {
    data_batch_1: cifarPickle(
      new Uint8Array(3072 * COUNT),
      numbers.map((i) => i % 2),
    ),
  },
  'cifar100-binary': { 'train.bin': new Uint8Array(3074 * COUNT) },
  idx: {
    'train-images-idx3-ubyte': Uint8Array.of(0, 0, 8, 3, ...sizes(COUNT, 2, 2), ...new Uint8Array(4 * COUNT)),
    'train-labels-idx1-ubyte': Uint8Array.of(0, 0, 8, 1, ...sizes(COUNT), ...numbers.map((i) => i % 2)),
  },
  'svhn-mat': {
    'train_32x32.mat': matFile([
      { name: 'X', dims: [4, 4, 3, COUNT], data: new Uint8Array(48 * COUNT) },
      { name: 'y', dims: [COUNT, 1], data: Uint8Array.from(numbers, (i) => 1 + (i % 2)) },
    ]),
  },
  'tiny-imagenet': {
    ...Object.fromEntries(numbers.slice(1).map((i) => [`tiny/train/n0${i % 2}/images/${i}.JPEG`, png(i, 4)])),
    'tiny/val/images/val_0.JPEG': png(0, 4),
    'tiny/val/val_annotations.txt': text('val_0.JPEG\tn00\t0\t0\t3\t3\n'),
  },
  'image-folder': folderOfImages,
  numpy: {
    'images.npy': npyFile(new Uint8Array(4 * COUNT), [COUNT, 2, 2]),
    'labels.npy': npyFile(
      Uint8Array.from(numbers, (i) => i % 2),
      [COUNT],
    ),
  },
  safetensors: { 'set.safetensors': tensors(['images', 'labels']) },
  zip: { 'set.zip': zipSync(folderOfImages) },
  tar: { 'set.tar': tarOfImages },
  'tar-gzip': {
    'set.tar.gz': gzipSync(tarOfImages),
  },
};
