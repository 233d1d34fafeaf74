import { expect, test } from 'vitest';
import { keepResult, type ResultStore, surplusFiles } from '../../../src/app/client/kept-results';
import { studyKey } from '../../../src/app/state/study-names';
import type { StoredFile } from '../../../src/lab/store/opfs';
import type { Study } from '../../../src/lab/study/study';
import { fixtureStudy } from '../../support/fixture-study';

const file = (key: string, bytes: number, written: number): StoredFile => ({ key, bytes, written });

test('surplusFiles: the oldest go until both number and bytes fit, and what is on screen stays', () => {
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

/** A store whose clock goes on with every result. */
function resultStore(): ResultStore & { keys(): string[] } {
  const held = new Map<string, { bytes: Uint8Array; written: number }>();
  let clock = 0;
  return {
    keys: () => [...held.keys()],
    get: async (key) => held.get(key)?.bytes,
    put: async (key, bytes) => void held.set(key, { bytes, written: clock++ }),
    delete: async (key) => void held.delete(key),
    files: async () => [...held].map(([key, { bytes, written }]) => file(key, bytes.length, written)),
  };
}

const result = fixtureStudy();
const withSeed = (seed: number): Study => ({ ...result.study, seed });

test('keepResult: the 101st takes the place of the oldest that is not shown, and says how many went', async () => {
  const results = resultStore();
  const keep = (seed: number) =>
    keepResult({ ...result, study: withSeed(seed) }, [withSeed(0)], Promise.resolve(results));
  for (let seed = 0; seed < 100; seed++) expect(await keep(seed)).toBe(0);
  // The same study again takes no other place.
  expect(await keep(99)).toBe(0);
  expect(await keep(100)).toBe(1);
  expect(results.keys()).toHaveLength(100);
  expect(results.keys()).toContain(studyKey(withSeed(0)));
  expect(results.keys()).toContain(studyKey(withSeed(100)));
  expect(results.keys()).not.toContain(studyKey(withSeed(1)));
  expect(await keepResult(result, [], Promise.reject(new Error('no storage')))).toBe(0);
});
