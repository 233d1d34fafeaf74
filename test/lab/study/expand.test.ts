import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LetheError } from '../../../src/lab/settings';
import { expandRuns } from '../../../src/lab/study/expand';
import { getPreset } from '../../../src/lab/study/presets';
import { parseStudy } from '../../../src/lab/study/schema';
import { applySetting } from '../../../src/lab/study/set';
import type { Study } from '../../../src/lab/study/study';
import { anyStudy } from '../../support/any-study';

const study = getPreset('quickstart').study;
const known = {
  method: (id: string) => (id === 'reset-finetune' ? ['epochs', 'lr', 'batch'] : ['epochs', 'lr']),
  strategy: (id: string) => (id === 'del' ? ['cut'] : []),
};
const set = (...assignments: string[]) =>
  assignments.reduce((changed, assignment) => applySetting(changed, assignment, known), study);

test('expandRuns: lists become their product in the order strategy, method, alpha, seed', () => {
  const runs = expandRuns({
    ...study,
    runs: [{ label: 'A', strategy: ['del', 'random'], method: 'finetune', alpha: [0.1, 0.3], seed: [0, 1] }],
  });
  expect(runs.map(({ id }) => id)).toEqual([
    'del-finetune-a0.1-s0',
    'del-finetune-a0.1-s1',
    'del-finetune-a0.3-s0',
    'del-finetune-a0.3-s1',
    'random-finetune-a0.1-s0',
    'random-finetune-a0.1-s1',
    'random-finetune-a0.3-s0',
    'random-finetune-a0.3-s1',
  ]);
  expect(runs[3]!.label).toBe('A · del · α 0.3 · seed 1');
});

test('expandRuns: ids are unique and fit for file names; only exact repetitions are left out', () => {
  fc.assert(
    fc.property(anyStudy, (any) => {
      const ids = expandRuns(any).map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      for (const id of ids) expect(id).toMatch(/^[\w.+-]+$/);
    }),
  );
  const [first] = study.runs;
  const other = { ...first!, unlearn: { ...first!.unlearn, lr: 0.01 } };
  expect(expandRuns({ ...study, runs: [first!, first!, other] }).map(({ id }) => id)).toEqual([
    'del-reset-finetune-a0.1-s0',
    'del-reset-finetune-a0.1-s0-2',
  ]);
});

test('--set takes paths and short names', () => {
  expect(set('pretrain.lr=0.05').pretrain.lr).toBe(0.05);
  expect(set('runs.1.alpha=[0.1,0.2]').runs[1]!.alpha).toEqual([0.1, 0.2]);
  expect(set('data.source=cifar10').data.source).toBe('cifar10');
  const short = set('epochs=1', 'alpha=0.5', 'batch=16', 'cut=exact');
  expect([short.pretrain.epochs, short.oracle.epochs]).toEqual([1, 1]);
  expect(short.runs.map((run) => run.unlearn?.epochs)).toEqual([1, 1, 1]);
  expect(short.runs.map((run) => run.alpha)).toEqual([0.5, 0.5, 0.5]);
  expect(short.runs.map((run) => run.unlearn?.batch)).toEqual([16, 16, 32]);
  expect(short.runs.map((run) => run.localize?.cut)).toEqual(['exact', undefined, undefined]);
  expect(study.pretrain.epochs).toBe(20);
});

test('--set refuses what does not fit, in one sentence', () => {
  const bad = [
    'lr',
    'colour=red',
    'pretrain.lr=-1',
    'runs.9.alpha=0.1',
    'a.b.c=1',
    '__proto__.x=1',
    'runs.9=1',
  ];
  for (const assignment of bad) expect(() => set(assignment), assignment).toThrow(LetheError);
});

test('too many runs, or too much repeated in them, is refused before any of it is listed', () => {
  const seeds = Array.from({ length: 100 }, (_, i) => i);
  const alphas = seeds.map((i) => i / 100);
  const [first] = study.runs;
  const many: Study = { ...study, runs: Array(100).fill({ ...first!, alpha: alphas, seed: seeds }) };
  const long: Study = {
    ...study,
    runs: [{ ...first!, strategy: 'manual', seed: seeds, localize: { units: Array(90_000).fill('a') } }],
  };
  for (const [bad, words] of [
    [many, 'asks for 1000000 runs; more than 2000 are not allowed.'],
    [long, 'repeats long settings in many runs'],
  ] as const) {
    const start = performance.now();
    expect(() => expandRuns(bad)).toThrow(words);
    expect(parseStudy(bad)).toMatchObject({ ok: false, problem: expect.stringContaining(words) });
    expect(performance.now() - start).toBeLessThan(1000);
  }
});
