import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Library } from '../../../src/app/client/library';
import { createKeeper } from '../../../src/app/client/library-keeper';
import { createAppStore } from '../../../src/app/state/store';
import { viewOfResult, viewOfStart } from '../../../src/app/state/view';
import { studyKey } from '../../../src/lab/plan/study-key';
import { getPreset } from '../../../src/lab/study/presets';
import type { Study } from '../../../src/lab/study/study';
import { fakeShelf } from '../../support/fake-shelf';
import { fixtureStudy } from '../../support/fixture-study';

const fixture = fixtureStudy();

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A page over a library in memory. @param bytes what fits into it */
function page(study: Study = fixture.study, bytes?: number) {
  const { shelf } = fakeShelf(bytes);
  const library = { ask: (use: (api: never) => unknown) => use(shelf as never) } as unknown as Library;
  const store = createAppStore(study);
  const keeper = createKeeper(store, library);
  return { shelf, store, keeper, texts: () => store.getState().notices.map(({ text }) => text) };
}

test('names what went for a result, and keeps what is on screen', async () => {
  const size = JSON.stringify(fixture).length;
  const { store, keeper, shelf, texts } = page(fixture.study, 2.5 * size);
  store.getState().show(viewOfResult(fixture, 'kept'));
  const named = (name: string, seed: number) => ({ ...fixture, study: { ...fixture.study, name, seed } });
  for (const result of [fixture, named('Second', 1), named('Third', 2)])
    await keeper.keep(result, 'computed');
  expect(texts()).toEqual([
    'The oldest study of the library was deleted to make room: “Second”. Pinned studies stay, and deleting can be turned off in the library.',
  ]);
  expect((await shelf.list()).map(({ name }) => name).sort()).toEqual([fixture.study.name, 'Third']);
});

test('notes how far a running study is, and that it was stopped at once', async () => {
  const study = getPreset('micro').study;
  const { store, shelf } = page(study);
  store.getState().show(viewOfStart(study, []));
  const ref = (key: string) => ({ study: '', stage: 'data', key, runs: [] });
  const listed = async () =>
    (await shelf.list()).map(({ status, stages }) => [status, stages?.done, stages?.total]);
  store
    .getState()
    .applyEvents([{ type: 'study-started', study: '', stages: ['a', 'b', 'c'].map(ref), cached: ['a'] }]);
  await vi.advanceTimersByTimeAsync(2000);
  expect(await listed()).toEqual([['unfinished', 1, 3]]);
  store.getState().applyEvents([{ type: 'stage-done', ref: ref('b'), cached: false, seconds: 1 }]);
  store.getState().applyEvents([{ type: 'study-state', study: '', state: 'cancelled' }]);
  await vi.advanceTimersByTimeAsync(0);
  expect(await listed()).toEqual([['unfinished', 2, 3]]);
});

test('a name given in the top bar is the library’s too; opening a preset that asks for the same renames nothing', async () => {
  const { store, keeper, shelf } = page();
  await keeper.keep(fixture, 'computed');
  store.getState().show(viewOfResult(fixture, 'kept'));
  store.getState().editStudy({ ...fixture.study, name: 'Mine' });
  await vi.advanceTimersByTimeAsync(0);
  const name = async () => (await shelf.list()).find(({ key }) => key === studyKey(fixture.study))?.name;
  expect(await name()).toBe('Mine');
  store.getState().openStudy({ ...fixture.study, name: 'A preset’s name' });
  await vi.advanceTimersByTimeAsync(0);
  expect(await name()).toBe('Mine');
  // Nor does an edit that is taken back, whose name is not the reader's.
  store.getState().editStudy({ ...fixture.study, name: 'A preset’s name', seed: 77 });
  store.getState().undo();
  await vi.advanceTimersByTimeAsync(0);
  expect(store.getState().study.name).toBe('A preset’s name');
  expect(await name()).toBe('Mine');
});

test('what a deletion of runs leaves is kept, the last of several deletions alone', async () => {
  const { store, keeper, shelf } = page();
  await keeper.keep(fixture, 'computed');
  store.getState().show(viewOfResult(fixture, 'live'));
  const [first, second] = fixture.runs;
  for (const { id } of [first!, second!]) {
    store.getState().deleteRuns([id]);
    await vi.advanceTimersByTimeAsync(0);
  }
  const left = store.getState().study;
  expect(left.runs.length).toBeGreaterThan(0);
  expect((await shelf.list()).map(({ key }) => key).sort()).toEqual(
    [studyKey(fixture.study), studyKey(left)].sort(),
  );
  expect((await shelf.numbers(studyKey(left)))?.runs.map(({ id }) => id)).toEqual(
    fixture.runs.slice(2).map(({ id }) => id),
  );
});
