import { expect, test } from 'vitest';
import { describeProgress, duration, progressPrinter } from '../../src/cli/progress';
import type { StageProgress } from '../../src/lab/lab-api';

test('describeProgress: shows what is known of percent, steps, speed and time left', () => {
  expect(
    describeProgress({ done: 5, total: 40, counted: 'steps', imagesPerSecond: 229.6, etaSeconds: 69 }),
  ).toBe('13 %, 5 of 40 steps, 230 images/s, 1:09 left');
  expect(describeProgress({ done: 0, total: 0, counted: 'bytes', waiting: true })).toMatch(
    /waiting for another process/,
  );
  expect(
    describeProgress({ done: 1.2e9, total: 9.7e9, counted: 'bytes', checking: true, etaSeconds: 30 }),
  ).toBe('checking what the cache holds, 12 %, 1.2 GB of 9.7 GB, 0:30 left');
});

test('duration: from seconds to years', () => {
  expect([0, 65, 7390, 206_145_760].map(duration)).toEqual(['0:00', '1:05', '2:03:10', '2,386 days']);
});

test('progress line: printed every ten seconds, on a terminal rewritten in place', () => {
  const ref = { study: '', stage: 'data' as const, key: '', runs: [] };
  const told = (interactive: boolean, times: number[]) => {
    const lines: string[] = [];
    let now = 0;
    const print = progressPrinter(
      (text) => lines.push(text),
      interactive,
      () => now,
    );
    for (now of times) {
      const progress: StageProgress = { done: now, total: 20_000, counted: 'bytes' };
      print({ type: 'stage-progress', ref, progress });
    }
    return lines;
  };
  const times = [100, 9_000, 10_000, 15_000];
  expect(told(false, times)).toEqual(['[1/0] data: 50 %, 10 kB of 20 kB\n']);
  expect(told(true, times)).toHaveLength(4);
  expect(told(true, times)[1]).toBe('\r\x1b[K\x1b[?7l[1/0] data: 45 %, 9.0 kB of 20 kB\x1b[?7h');
});

test('progress line: waiting for another process is said at once, and not again and again', () => {
  const lines: string[] = [];
  let now = 0;
  const print = progressPrinter(
    (text) => lines.push(text),
    false,
    () => now,
  );
  const wait = (key: string) => {
    const ref = { study: '', stage: 'pretrain' as const, key, runs: [], seed: 0 };
    const progress: StageProgress = { done: 0, total: 0, counted: 'steps', waiting: true };
    print({ type: 'stage-progress', ref, progress });
  };
  for (now of [1_000, 2_000, 3_000]) wait('one');
  wait('other');
  const line = '[1/0] pretrain (seed 0): waiting for another process that is at it\n';
  expect(lines).toEqual([line, line]);
});
