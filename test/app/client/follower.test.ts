import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createFollower } from '../../../src/app/client/follower';
import { createTurns } from '../../../src/app/client/turns';
import { createAppStore } from '../../../src/app/state/store';
import { viewOfResult } from '../../../src/app/state/view';
import type { StudyResult } from '../../../src/lab/study/result';
import { fakeFolder } from '../../support/fake-folder';
import { fakeLab, tinyStudy } from '../../support/fake-lab';

const LOG = 'progress/study.jsonl';
const study = tinyStudy();

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => {
  vi.useRealTimers();
});

/** A page beside a folder that a run has just begun to fill. */
async function page() {
  const { session, events } = fakeLab();
  const result = await session.run(study);
  const out = fakeFolder();
  out.write('study.json', study);
  out.append(LOG, ...events.slice(0, events.length / 2));
  out.write('progress/study.json', { lethe: 1 });
  const store = createAppStore(tinyStudy({ alpha: 0.5 }));
  const busy = { active: false };
  const kept: StudyResult[] = [];
  const rest = { takeTurn: createTurns(), keep: async (finished: StudyResult) => void kept.push(finished) };
  const follower = createFollower(store, { isActive: () => busy.active, ...rest }, out.now);
  const later = async (milliseconds: number) => {
    out.pass(milliseconds);
    await vi.advanceTimersByTimeAsync(milliseconds);
  };
  return { out, store, follower, busy, kept, result, events, later, state: () => store.getState() };
}

test('a followed run keeps the reader’s choices and ends as its result', async () => {
  const { out, follower, kept, result, events, later, state } = await page();
  await follower.open(out.folder);
  expect(state().study).toEqual(study);
  expect(state().following).toMatchObject({ folder: 'out', live: true, state: { kind: 'running' } });
  const stages = state().view!.stages.filter((stage) => stage.state === 'done').length;
  state().setUi({ run: study.name });

  await later(3000);
  out.append(LOG, ...events.slice(events.length / 2));
  await later(3000);
  expect(state().view!.stages.filter((stage) => stage.state === 'done').length).toBeGreaterThan(stages);
  expect(state().run).toBe(study.name);
  expect(state().following!.lastChange).toBe(out.now());

  out.write('result.json', result);
  await later(3000);
  expect(state().view).toEqual(viewOfResult(result, 'opened'));
  expect(state().following).toBeUndefined();
  expect(kept).toEqual([result]);
  expect(state().notices.at(-1)!.text).toBe('The run in out has finished; all of it is shown.');
  expect(vi.getTimerCount()).toBe(0);
});

test('a folder that disappears keeps what was shown and is followed again when it is back', async () => {
  const { out, follower, later, state } = await page();
  await follower.open(out.folder);
  const { view } = state();
  const files = [...out.files];
  out.files.clear();
  await later(3000);
  // Looked for twice: a file that is just being replaced is not there for a moment.
  expect(state().following!.state.kind).toBe('running');
  await later(500);
  expect(state().following!.state.kind).toBe('gone');
  expect(state().view!.originals).toEqual(view!.originals);
  expect(state().view!.state).toBe('cancelled');
  for (const [path, file] of files) out.files.set(path, file);
  await later(3000);
  expect(state().following!.state.kind).toBe('running');
});

test('following ends when it is stopped, and when something else is shown', async () => {
  const { out, follower, result, state } = await page();
  await follower.open(out.folder);
  follower.stop();
  expect(state().following).toBeUndefined();
  expect(state().view).toMatchObject({ origin: 'opened', state: 'cancelled' });
  expect(vi.getTimerCount()).toBe(0);
  await follower.open(out.folder);
  state().show(viewOfResult(result, 'recorded'));
  expect(state().following).toBeUndefined();
  expect(state().view!.origin).toBe('recorded');
  expect(vi.getTimerCount()).toBe(0);
});

test('a folder that cannot be opened is reported and changes nothing', async () => {
  const { out, follower, busy, state } = await page();
  const before = state().study;
  await follower.open(fakeFolder('pictures').folder);
  busy.active = true;
  await follower.open(out.folder);
  expect(state().notices.map(({ text }) => text)).toEqual([
    expect.stringMatching(/^pictures holds no study\.json/),
    'A study is running: stop it to see the opened folder.',
  ]);
  expect(state().study).toBe(before);
  expect(state().view).toBeUndefined();
  expect(state().following).toBeUndefined();
});
