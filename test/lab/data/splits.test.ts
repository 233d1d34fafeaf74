import { expect, test } from 'vitest';
import { splitOfFile, splitOfFolder } from '../../../src/lab/data/splits';

test.each([
  ['data/train-00000.parquet', 'train'],
  ['test_batch.bin', 'test'],
  ['data/validation-0.parquet', 'test'],
  ['my-test.mat', 'test'],
  // Only the beginning of a word counts.
  ['latest.mat', 'train'],
])('splitOfFile: %s is for %s', (path, split) => {
  expect(splitOfFile(path)).toBe(split);
});

test('splitOfFolder: knows train, test and val in any case, and says nothing of others', () => {
  expect(['train', 'Test', 'VAL', 'validation', 'cat'].map(splitOfFolder)).toEqual([
    'train',
    'test',
    'test',
    'test',
    undefined,
  ]);
});
