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
