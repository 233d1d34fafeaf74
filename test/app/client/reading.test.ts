import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { dataFiles, openFilesAs } from '../../../src/app/client/file-kinds';
import { modelFiles } from '../../../src/app/client/model-files';
import type { Supervisor } from '../../../src/app/client/supervisor';
import { readingText } from '../../../src/app/state/reading-text';
import { createAppStore } from '../../../src/app/state/store';
import { getPreset } from '../../../src/lab/study/presets';
import type { LoadProgress } from '../../../src/lab/watch';

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('navigator', { storage: { getDirectory: async () => ({}) } });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const { study } = getPreset('quickstart');
const kept = {
  model: { id: 'resnet18' },
  label: 'a ResNet-18',
  weights: { file: 'mine.pth', sha256: 'a'.repeat(64) },
  report: { prefix: '', renamed: [], leftOut: [], multiplied: [], others: [], refersTo: [] },
};

/** A page over a worker that reads one file until the test lets it end. */
function page(path = 'mine.pth') {
  const store = createAppStore(study);
  const cancelReading = vi.fn(async (_: string) => {});
  let tell: (progress: LoadProgress) => void = () => {};
  let finish: (value: unknown) => void = () => {};
  let fail: (error: Error) => void = () => {};
  const read = (...given: unknown[]) => {
    tell = given.at(-1) as typeof tell;
    return new Promise((resolve, reject) => {
      finish = resolve;
      fail = reject;
    });
  };
  const api = {
    identifyFile: async () => ({ kind: 'original' }),
    openCheckpoint: read,
    openDataFiles: read,
    cancelReading,
  };
  const call = (async (use: (of: never) => unknown) => use(api as never)) as Supervisor['call'];
  const kinds = [dataFiles(store, { call }), modelFiles(store, { call })];
  const opening = openFilesAs(kinds, [{ path, file: new File([''], path) }], store);
  return {
    store,
    cancelReading,
    opening,
    tell: (progress: LoadProgress) => tell(progress),
    finish: (value: unknown = kept) => finish(value),
    fail: (error: Error) => fail(error),
  };
}

test('watchedReading: what is read within a moment shows nothing', async () => {
  const { store, opening, finish } = page();
  const seen = vi.fn();
  store.subscribe(({ readings }) => seen(readings.length));
  await vi.advanceTimersByTimeAsync(450);
  finish();
  await opening;
  await vi.advanceTimersByTimeAsync(1000);
  expect(new Set(seen.mock.calls.flat())).toEqual(new Set([0]));
  expect(store.getState().study.weights).toEqual(kept.weights);
});

test.each(['mine.pth', 'images.parquet'])(
  'watchedReading: %s is shown with what was told of it, and gone when it has failed',
  async (path) => {
    const { store, opening, tell, fail } = page(path);
    await vi.advanceTimersByTimeAsync(100);
    tell({ done: 0, total: 2e9, counted: 'bytes' });
    await vi.advanceTimersByTimeAsync(500);
    const { readings, readingProgress } = store.getState();
    expect(readings.map(({ name }) => name)).toEqual([path]);
    expect(readingText(readingProgress[readings[0]!.id])).toEqual({
      doing: 'Reading',
      amount: '0.0 kB of 2.0 GB',
      share: 0,
    });
    await vi.advanceTimersByTimeAsync(2500);
    tell({ done: 0.5e9, total: 2e9, counted: 'bytes' });
    const { amount, share } = readingText(store.getState().readingProgress[readings[0]!.id]);
    expect([amount, share]).toEqual(['500 MB of 2.0 GB · 9 s left', 0.25]);
    fail(new Error('It is damaged.'));
    await opening;
    expect(store.getState()).toMatchObject({ readings: [], readingProgress: {}, study });
    expect(store.getState().notices.map(({ text }) => text)).toEqual([`${path}: It is damaged.`]);
  },
);

test.each(['mine.pth', 'images.parquet'])(
  'watchedReading: %s that is cancelled changes nothing, whatever the worker still answers',
  async (path) => {
    const { store, opening, cancelReading, tell, finish } = page(path);
    await vi.advanceTimersByTimeAsync(600);
    const [reading] = store.getState().readings;
    reading!.cancel();
    await opening;
    expect(cancelReading.mock.calls).toEqual([[reading!.id]]);
    tell({ done: 1, total: 2, counted: 'bytes' });
    finish();
    await vi.advanceTimersByTimeAsync(100);
    expect(store.getState()).toMatchObject({ readings: [], readingProgress: {}, study });
    expect(store.getState().notices).toMatchObject([
      { text: `Reading ${path} was cancelled; the study is unchanged.`, lasting: false },
    ]);
  },
);

test('watchedReading: a worker that was ended is named as the cause', async () => {
  const { store, opening, fail } = page();
  await vi.advanceTimersByTimeAsync(600);
  fail(new DOMException('The lab was closed.', 'AbortError'));
  await opening;
  expect(store.getState().notices.map(({ text }) => text)).toEqual([
    'mine.pth: The lab was restarted while it was read: open it again.',
  ]);
});

test('readingText: says what is done with a file', () => {
  const bytes = { done: 1e6, total: 4e6, counted: 'bytes' } as const;
  expect(readingText(undefined)).toEqual({ doing: 'Reading' });
  expect(readingText({ ...bytes, identifying: true }).doing).toBe('Identifying');
  expect(readingText({ done: 20, total: 5000, counted: 'images', keeping: true, etaSeconds: 90 })).toEqual({
    doing: 'Keeping',
    amount: '20 of 5,000 images · 2 min left',
    share: 0.004,
  });
  expect(readingText({ done: 0, total: 0, counted: 'bytes', waiting: true })).toEqual({
    doing: 'Waiting for another tab to read',
  });
});
