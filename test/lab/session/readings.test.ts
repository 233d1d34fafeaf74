import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { isAbort } from '../../../src/lab/abort';
import { createReadings } from '../../../src/lab/session/readings';
import { LetheError } from '../../../src/lab/settings';
import type { LoadProgress, Watch } from '../../../src/lab/watch';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A reader of a hundred pieces, one every 10 ms, that calls whatever ends it a damaged file. */
async function readPieces({ signal, onProgress }: Watch): Promise<string> {
  for (let done = 1; done <= 100; done++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    if (signal?.aborted) throw new LetheError('The file is damaged.');
    onProgress?.({ done, total: 100, counted: 'bytes' });
  }
  return 'read';
}

test('readings: what is told comes at most ten times a second, the newest of it, and never after the end', async () => {
  const told: LoadProgress[] = [];
  const reading = createReadings().read(['a', (progress) => told.push(progress)], readPieces);
  await vi.advanceTimersByTimeAsync(1000);
  expect(await reading).toBe('read');
  await vi.advanceTimersByTimeAsync(1000);
  expect(told.length).toBeGreaterThan(8);
  expect(told.length).toBeLessThan(12);
  expect(told.at(-1)!.done).toBeGreaterThan(85);
});

test('readings: each is ended by its name, whatever its reader makes of that', async () => {
  const { read, cancel } = createReadings();
  const ended = read(['a'], readPieces).catch((error: unknown) => error);
  const other = read(['b'], readPieces);
  await vi.advanceTimersByTimeAsync(200);
  cancel('a');
  cancel('c');
  await vi.advanceTimersByTimeAsync(10);
  expect(isAbort(await ended)).toBe(true);
  await vi.advanceTimersByTimeAsync(1000);
  expect(await other).toBe('read');
  cancel('b');
});
