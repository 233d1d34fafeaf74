import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openResult } from '../src/lab/results/open-result';
import { getPreset } from '../src/lab/study/presets';
import { recordings } from '../src/lab/study/presets/recorded';
import type { StudyResult } from '../src/lab/study/result';

const folder = new URL('../public/recorded/', import.meta.url);
const recorded = new Map<string, StudyResult>(
  readdirSync(folder).map((file) => {
    const parsed = openResult(JSON.parse(readFileSync(new URL(file, folder), 'utf8')));
    if (!parsed.ok) throw new Error(`${file}: ${parsed.problem}`);
    if (parsed.problems.length > 0) throw new Error(`${file}: ${parsed.problems[0]}`);
    return [file.replace(/\.json$/, ''), parsed.result];
  }),
);

test.each([...recorded])('recording of %s: its study is the preset of today', (id, result) => {
  expect(result.study).toEqual(getPreset(id).study);
});

test('recording of the quick start: shows what the page says of it', () => {
  const { original, oracle, runs } = recorded.get('quickstart')!;
  const forget = (run: { metrics: StudyResult['original']['metrics'] }) => run.metrics.forgetAccuracy!;
  const [del, deepest, finetune] = ['del', 'deepest', 'full'].map((strategy) => {
    const run = runs.find((candidate) => candidate.strategy === strategy);
    return forget(run!);
  });
  expect(original.metrics.testAccuracy).toBeGreaterThan(80);
  expect(forget(original) - forget(oracle)).toBeGreaterThan(30);
  expect(Math.abs(del! - forget(oracle))).toBeLessThan(Math.abs(forget(original) - del!));
  expect(deepest).toBeGreaterThan(del!);
  expect(finetune).toBeGreaterThan(del!);
});

test('recordings: the page knows which presets are recorded, on what, and how fast that was', () => {
  const known = [...recorded].map(([id, { originals, oracles, runs, device }]) => {
    const costs = [...originals, ...oracles, ...runs].map(({ cost }) => cost);
    const total = (what: 'examples' | 'seconds') => costs.reduce((sum, cost) => sum + cost[what], 0);
    return [id, { imagesPerSecond: Math.round(total('examples') / total('seconds')), device: device.label }];
  });
  expect(recordings).toEqual(Object.fromEntries(known));
});
