import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { watchBeats } from '../../../src/app/client/watch-beats';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a worker whose beats stop counts as dead after half a minute, once', () => {
  const onMissed = vi.fn();
  const beats = watchBeats();
  // Nothing is expected before the first beat.
  vi.advanceTimersByTime(120_000);
  for (let second = 0; second < 60; second++) {
    beats.take(onMissed);
    vi.advanceTimersByTime(1000);
  }
  vi.advanceTimersByTime(20_000);
  beats.take(onMissed);
  vi.advanceTimersByTime(26_000);
  expect(onMissed).not.toHaveBeenCalled();
  vi.advanceTimersByTime(60_000);
  expect(onMissed).toHaveBeenCalledTimes(1);
});

test('a worker that was ended on purpose is not missed', () => {
  const onMissed = vi.fn();
  const beats = watchBeats();
  beats.take(onMissed);
  beats.end();
  vi.advanceTimersByTime(120_000);
  expect(onMissed).not.toHaveBeenCalled();
});
