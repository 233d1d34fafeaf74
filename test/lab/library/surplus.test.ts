import { expect, test } from 'vitest';
import { surplusFiles } from '../../../src/lab/library/surplus';
import type { StoredFile } from '../../../src/lab/store/opfs';

const file = (key: string, bytes: number, written: number): StoredFile => ({ key, bytes, written });

test('surplusFiles: the oldest go until both number and bytes fit, and what is spared stays', () => {
  const files = [file('new', 10, 30), file('old', 10, 10), file('middle', 70, 20)];
  const keysOf = (spared: string[], most: { results: number; bytes: number }) =>
    surplusFiles(files, new Set(spared), most).map(({ key }) => key);
  expect(keysOf([], { results: 3, bytes: 90 })).toEqual([]);
  expect(keysOf([], { results: 2, bytes: 90 })).toEqual(['old']);
  expect(keysOf([], { results: 3, bytes: 79 })).toEqual(['old', 'middle']);
  expect(keysOf(['old'], { results: 2, bytes: 90 })).toEqual(['middle']);
  // A single result may be larger than what is kept.
  expect(keysOf(['middle'], { results: 3, bytes: 50 })).toEqual(['old', 'new']);
  expect(keysOf(['old', 'middle', 'new'], { results: 1, bytes: 1 })).toEqual([]);
});
