import { expect, test } from 'vitest';
import { aboutStudy } from '../../../src/app/state/about-study';
import { outcomeSentence } from '../../../src/app/state/outcome-sentence';
import type { RunView } from '../../../src/app/state/view';
import { getPreset } from '../../../src/lab/study/presets';

const run = (label: string, strategy: string, alpha: number, seed: number, forget?: number): RunView => ({
  id: `${strategy}-reset-finetune-a${alpha}-s${seed}`,
  label,
  strategy,
  method: 'reset-finetune',
  alpha,
  seed,
  ...(forget !== undefined && { metrics: { forgetAccuracy: forget } }),
});
const oracle = (seed: number, forget: number) => ({ seed, metrics: { forgetAccuracy: forget } });

test('the outcome is told from the shown numbers: the first runs in full, others by their distance', () => {
  const runs = [run('DEL', 'del', 0.1, 0, 59.5), run('Deepest layers', 'deepest', 0.1, 0, 74)];
  expect(outcomeSentence({ runs, oracles: [oracle(0, 49.5)] })).toBe(
    'DEL: forget 59.5 %, oracle 49.5 %: 10.0 points from it; Deepest layers 24.5.',
  );
});

test('the outcome of repeats compares means over the seeds that have both run and oracle', () => {
  const runs = [0, 1, 2].map((seed) => run('DEL', 'del', 0.1, seed, 50 + 10 * seed));
  expect(outcomeSentence({ runs, oracles: [oracle(0, 40), oracle(1, 50)] })).toBe(
    'DEL: forget 55.0 %, oracle 45.0 %: 10.0 points from it (means of 2 seeds).',
  );
});

test('the outcome of a sweep names budgets, counts what it leaves out, and says nothing of runs without numbers', () => {
  const swept = [0.02, 0.05, 0.1, 0.2, 0.3, 0.5].map((alpha) => run('DEL', 'del', alpha, 0, 50));
  expect(outcomeSentence({ runs: swept, oracles: [oracle(0, 50)] })).toBe(
    'DEL, α 0.02: forget 50.0 %, oracle 50.0 %: 0.0 points from it; DEL, α 0.05 0.0, DEL, α 0.1 0.0, DEL, α 0.2 0.0, 2 more in the table.',
  );
  expect(outcomeSentence({ runs: [run('DEL', 'del', 0.1, 0)], oracles: [oracle(0, 50)] })).toBeUndefined();
  expect(outcomeSentence({ runs: swept, oracles: [] })).toBeUndefined();
});

test('what a study asks is a preset’s sentence only while it is that preset', () => {
  const { study, explanation } = getPreset('quickstart');
  expect(aboutStudy({ ...study, name: 'Mine' })).toBe(explanation);
  expect(aboutStudy({ ...study, seed: 5 })).toBeUndefined();
  expect(aboutStudy({ ...study, seed: 5, note: 'A note.' })).toBe('A note.');
});
