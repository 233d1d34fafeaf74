import { expect, test } from 'vitest';
import { entryOfResult, type LibraryEntry } from '../../../src/lab/library/entry';
import { studyKey } from '../../../src/lab/plan/study-key';
import type { StudyResult } from '../../../src/lab/study/result';
import { fakeShelf } from '../../support/fake-shelf';
import { fixtureStudy } from '../../support/fixture-study';

const fixture = fixtureStudy();
/** Studies of their own, each finished a minute after the one before. */
const result = (seed: number): StudyResult => ({
  ...fixture,
  study: { ...fixture.study, name: `Study ${seed}`, seed },
  finished: new Date(Date.UTC(2026, 0, 1, 0, seed)).toISOString(),
});
const SPACE = { evicts: true, spared: [] };
const keyOf = (seed: number) => studyKey(result(seed).study);
const size = new TextEncoder().encode(JSON.stringify(fixture)).length;

test('a kept study is listed with what a small picture is drawn from, and read without maps and answers', async () => {
  const { shelf } = fakeShelf();
  await shelf.keep(result(1), 'computed', SPACE);
  await shelf.keep(result(2), 'opened', SPACE);
  const listed = await shelf.list();
  expect(listed.map(({ name, origin, status }) => [name, origin, status])).toEqual([
    ['Study 2', 'opened', 'finished'],
    ['Study 1', 'computed', 'finished'],
  ]);
  const { sketch, bytes, device } = listed[0]!;
  expect(device).toBe('fixture device');
  expect(bytes).toBeGreaterThan(10_000);
  // One point for each group of three seeds; the oracle differs from itself by nothing.
  expect(sketch.runs).toHaveLength(13);
  expect(sketch.oracle).toEqual([0, 82.9]);
  expect(sketch.original![0]).toBeCloseTo(52.8 - 97.6, 1);
  expect(JSON.stringify(listed[0]).length).toBeLessThan(3000);
  const numbers = (await shelf.numbers(keyOf(1)))!;
  expect(numbers.runs).toEqual(fixture.runs);
  expect(numbers).not.toHaveProperty('detail');
});

test('what an earlier version kept is listed too; what is damaged or cut off is not', async () => {
  const { shelf, results, entries } = fakeShelf();
  await results.put(keyOf(1), new TextEncoder().encode(JSON.stringify(result(1))));
  await results.put(keyOf(2), new TextEncoder().encode('{"lethe":1'));
  await entries.put(keyOf(3), new TextEncoder().encode(JSON.stringify(entryOfResult(result(3), 'computed'))));
  expect((await shelf.list()).map(({ name }) => name)).toEqual(['Study 1']);
  expect(entries.keys()).toContain(keyOf(1));
});

test('the oldest that is neither pinned nor on screen goes when space is short, and its name is told', async () => {
  const { shelf } = fakeShelf(3.5 * size);
  for (const seed of [1, 2, 3])
    expect(await shelf.keep(result(seed), 'computed', SPACE)).toEqual({ evicted: [] });
  await shelf.change(keyOf(1), { pinned: true, name: 'My baseline' });
  const spared = [keyOf(2)];
  expect(await shelf.keep(result(4), 'computed', { evicts: true, spared })).toEqual({ evicted: ['Study 3'] });
  expect((await shelf.list()).map(({ name }) => name)).toEqual(['Study 4', 'Study 2', 'My baseline']);

  const { evicted, problem } = await shelf.keep(result(5), 'computed', { evicts: false, spared: [] });
  expect(evicted).toEqual([]);
  expect(problem).toMatch(/^There is no space left in the browser for the result of “Study 5”/);
  expect((await shelf.list()).map(({ name }) => name)).toEqual(['Study 4', 'Study 2', 'My baseline']);
});

test('the 101st takes the place of the oldest, unless nothing may go', async () => {
  const { shelf } = fakeShelf();
  for (let seed = 0; seed < 100; seed++) await shelf.keep(result(seed), 'computed', SPACE);
  // The same study again takes no other place.
  expect(await shelf.keep(result(99), 'computed', SPACE)).toEqual({ evicted: [] });
  expect(await shelf.keep(result(100), 'computed', { evicts: false, spared: [] })).toEqual({ evicted: [] });
  expect(await shelf.keep(result(101), 'computed', SPACE)).toEqual({ evicted: ['Study 0', 'Study 1'] });
  expect(await shelf.list()).toHaveLength(100);
});

test('a deletion is taken back as a whole, each by its own number, and brings nothing back over a newer result', async () => {
  const { shelf, results } = fakeShelf();
  for (const seed of [1, 2, 3]) await shelf.keep(result(seed), 'computed', SPACE);
  const before = await shelf.list();
  const first = await shelf.remove([keyOf(1), keyOf(2)]);
  expect(first.names).toEqual(['Study 1', 'Study 2']);
  const second = await shelf.remove([keyOf(3)]);
  expect(await shelf.list()).toEqual([]);
  expect(results.keys()).toEqual([]);
  const later = { ...result(2), finished: '2026-06-01T00:00:00.000Z' };
  await shelf.keep(later, 'computed', SPACE);
  await shelf.restore(first.removal);
  expect((await shelf.list()).map(({ name, date }) => [name, date])).toEqual([
    ['Study 2', later.finished],
    ['Study 1', result(1).finished],
  ]);
  await shelf.restore(second.removal);
  expect((await shelf.list()).find(({ name }) => name === 'Study 3')).toEqual(before[0]);
});

test('a deletion is taken back also where the study was begun again since', async () => {
  const { shelf } = fakeShelf();
  await shelf.keep(result(1), 'computed', SPACE);
  const { removal } = await shelf.remove([keyOf(1)]);
  await shelf.note({
    ...entryOfResult(result(1), 'computed'),
    status: 'unfinished',
    stages: { done: 1, total: 9 },
  });
  await shelf.restore(removal);
  expect(await shelf.list()).toMatchObject([{ status: 'finished', name: 'Study 1' }]);
  expect(await shelf.numbers(keyOf(1))).toBeDefined();
});

test('a name that the reader gave stays while the study goes on, and when it is finished anew', async () => {
  const { shelf } = fakeShelf();
  const unfinished = { ...entryOfResult(result(1), 'computed'), status: 'unfinished' as const };
  await shelf.note(unfinished);
  await shelf.change(keyOf(1), { name: 'My talk' });
  await shelf.note({ ...unfinished, stages: { done: 2, total: 9 } });
  await shelf.keep(result(1), 'computed', SPACE);
  await shelf.keep({ ...result(1), finished: '2026-02-02T00:00:00.000Z' }, 'computed', SPACE);
  expect((await shelf.list()).map(({ name }) => name)).toEqual(['My talk']);
});

test('an unfinished study is listed with its stages until it is finished, and never over a finished one', async () => {
  const { shelf } = fakeShelf();
  const started: LibraryEntry = {
    ...entryOfResult(result(1), 'computed'),
    status: 'unfinished',
    stages: { done: 3, total: 9 },
  };
  await shelf.note(started);
  await shelf.change(keyOf(1), { pinned: true });
  expect(await shelf.list()).toMatchObject([
    { status: 'unfinished', stages: { done: 3 }, pinned: true, bytes: 0 },
  ]);
  await shelf.keep(result(1), 'computed', SPACE);
  await shelf.note(started);
  expect(await shelf.list()).toMatchObject([{ status: 'finished', pinned: true }]);
});

test('what was computed here is not replaced by what somebody opened', async () => {
  const { shelf } = fakeShelf();
  await shelf.keep(result(1), 'computed', SPACE);
  expect(await shelf.keep(result(1), 'opened', SPACE)).toEqual({ evicted: [] });
  const other = { ...result(1), finished: '2026-05-05T00:00:00.000Z' };
  expect((await shelf.keep(other, 'opened', SPACE)).problem).toMatch(/was computed here too/);
  expect(await shelf.list()).toMatchObject([{ origin: 'computed', date: result(1).finished }]);
});
