import { expect, test } from 'vitest';
import { partsOfFolders, splitsOfFiles } from '../../../src/lab/data/splits';

test.each([
  ['data/train-00000.parquet', 'train'],
  ['test_batch.bin', 'test'],
  ['data/validation-0.parquet', 'test'],
  ['my-test.mat', 'test'],
  // Only the beginning of a word counts.
  ['latest.mat', 'train'],
  ['data_batch_1.bin', 'train'],
  ['t10k-images-idx3-ubyte', 'test'],
  ['trainset.parquet', 'train'],
  ['valuable.parquet', 'train'],
  ['train2017.parquet', 'train'],
  ['X_Test.npy', 'test'],
  ['extra_32x32.mat', 'train'],
])('splitsOfFiles: %s is for %s', (path, split) => {
  expect(splitsOfFiles([path]).splits).toEqual([split]);
});

test.each<[string[], (string | undefined)[]]>([
  [
    ['default/train/0000.parquet', 'default/test/0000.parquet'],
    ['train', 'test'],
  ],
  [
    ['default/partial-train/0000.parquet', 'default/partial-validation/0000.parquet'],
    ['train', 'test'],
  ],
  [
    ['data/train-00000-of-00002.parquet', 'data/validation-0.parquet', 'data/test-00000-of-00001.parquet'],
    ['train', undefined, 'test'],
  ],
  [
    ['Training/a.bin', 'Testing/b.bin', 'DEV/c.bin'],
    ['train', 'test', undefined],
  ],
  // The folder's name is the project's, since it holds all.
  [
    ['my-test/data_batch_1.bin', 'my-test/data_batch_2.bin'],
    ['train', 'train'],
  ],
  [
    ['test/train.parquet', 'test/test.parquet'],
    ['train', 'test'],
  ],
  [
    ['test/0.parquet', 'test/1.parquet'],
    ['test', 'test'],
  ],
  [
    ['train_32x32.mat', 'test_32x32.mat', 'extra_32x32.mat'],
    ['train', 'test', 'train'],
  ],
])('splitsOfFiles: all parts of the paths %j', (paths, splits) => {
  expect(splitsOfFiles(paths).splits).toEqual(splits);
});

test('splitsOfFiles: says that a validation file is left out', () => {
  const { notes } = splitsOfFiles(['train.parquet', 'valid.parquet', 'test.parquet']);
  expect(notes.leftOut).toEqual([{ what: 'validation file', count: 1, why: 'there is a test set' }]);
});

test('splitsOfFiles: refuses what can be read in two ways', () => {
  expect(() => splitsOfFiles(['train/test-0.parquet', 'test/x.parquet'])).toThrow(
    /train\/test-0.parquet could be for testing or training/,
  );
  expect(() => splitsOfFiles(['train.parquet', 'more.parquet'])).toThrow(
    /more.parquet could be for training or for testing/,
  );
});

test.each<[string, string]>([
  ['mnist/raw/train-images', 'kmnist/raw/train-images'],
  ['cropped_digits/train-0.parquet', 'full_numbers/train-0.parquet'],
  ['emnist-letters-train-images', 'emnist-digits-train-images'],
  ['a/train/0.parquet', 'b/train/0.parquet'],
  ['fold1/train/0.parquet', 'fold2/train/0.parquet'],
  ['clean_test.npy', 'noisy_test.npy'],
  ['train.parquet', 'trainval.parquet'],
  ['cifar/test_batch', 'copy/test_batch'],
])('splitsOfFiles: %s and %s are not one training set', (one, other) => {
  expect(() => splitsOfFiles([one, other])).toThrow(
    `${one} and ${other} may both be for ${one.includes('test') ? 'testing' : 'training'}, or belong to two data sets`,
  );
});

test.each<string[][]>([
  [
    [
      'data/train-00000-of-00002-5f0c4c1a2b3d4e5f.parquet',
      'data/train-00001-of-00002-ab0c4c1a2b3d4e5f.parquet',
    ],
  ],
  [['train/part-00000-d0e1.snappy.parquet', 'train/part-00001-beef.parquet']],
  [['year=2020/train.parquet', 'year=2021/train.parquet']],
  [['train/a/0.parquet', 'train/b/0.parquet']],
  [['train_aa.bin', 'train_ab.bin']],
  [['train.part1.parquet', 'train.snappy.parquet']],
  [['x/train_32x32.mat', 'x/extra_32x32.mat']],
])('splitsOfFiles: %j are one training set', (paths) => {
  expect(splitsOfFiles(paths).splits).toEqual(['train', 'train']);
});

test('splitsOfFiles: says whether files or folders tell', () => {
  expect(splitsOfFiles(['train/0.parquet', 'test/0.parquet']).notes.splitFrom).toBe(
    'the names of the folders',
  );
  expect(splitsOfFiles(['train.parquet', 'test.parquet']).notes.splitFrom).toBe('the names of the files');
});

test('partsOfFolders: knows train, test and val in any case, and says nothing of others', () => {
  const names = ['train', 'Test', 'VAL', 'validation', 'cat'];
  expect(names.map((name) => partsOfFolders(names).get(name))).toEqual([
    'train',
    'test',
    'validation',
    'validation',
    undefined,
  ]);
});

test.each([
  [
    ['seg_train', 'seg_test', 'seg_pred'],
    ['train', 'test', undefined],
  ],
  [
    ['train2017', 'val2017'],
    ['train', 'validation'],
  ],
  [
    ['training_set', 'test_set'],
    ['train', 'test'],
  ],
  [
    ['TrainSplit', 'DevSplit'],
    ['train', 'validation'],
  ],
  [
    ['birds-train', 'birds-test'],
    ['train', 'test'],
  ],
  [
    ['train.v2', 'valid.v2'],
    ['train', 'validation'],
  ],
  [
    ['test_tube', 'train_station'],
    [undefined, undefined],
  ],
  [
    ['latest', 'contest', 'trainer', 'device'],
    [undefined, undefined, undefined, undefined],
  ],
  [['train_test_split'], [undefined]],
])('partsOfFolders: %j', (names, parts) => {
  const found = partsOfFolders(names as string[]);
  expect((names as string[]).map((name) => found.get(name))).toEqual(parts);
});
