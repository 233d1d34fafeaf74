import fc from 'fast-check';
import { expect, test } from 'vitest';
import { groupRuns } from '../../../src/lab/results/run-groups';
import { defaultSettings, LetheError } from '../../../src/lab/settings';
import { expandRuns } from '../../../src/lab/study/expand';
import { getPreset } from '../../../src/lab/study/presets';
import { parseStudy } from '../../../src/lab/study/schema';
import { applySetting } from '../../../src/lab/study/set';
import type { Study } from '../../../src/lab/study/study';
import { unlearners } from '../../../src/lab/unlearn';
import { anyStudy } from '../../support/any-study';
import { oneRunEach } from '../../support/one-run-each';

const study = oneRunEach(getPreset('quickstart').study);
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

test('expandRuns: a list of values of a setting gives a run of each, named by what differs', () => {
  const spec = {
    strategy: ['del', 'manual'],
    method: 'finetune',
    alpha: [0.1, 0.3],
    seed: 0,
    localize: { units: ['conv1.weight:1', 'conv1.weight:2'], cut: 'exact' },
    unlearn: { lr: [0.03, 1e-5, 0.03], epochs: 2 },
  };
  const runs = expandRuns({ runs: [spec] });
  // The units are one value of theirs, and a rate that stands there twice is one run.
  expect(runs.map(({ id }) => id).slice(0, 5)).toEqual([
    'del-finetune-a0.1-lr0.03-s0',
    'del-finetune-a0.1-lr0.00001-s0',
    'del-finetune-a0.3-lr0.03-s0',
    'del-finetune-a0.3-lr0.00001-s0',
    'manual-finetune-a0.1-lr0.03-s0',
  ]);
  expect(runs[1]).toMatchObject({
    label: 'del · finetune · lr 0.00001 · α 0.1',
    localize: spec.localize,
    unlearn: { lr: 1e-5, epochs: 2 },
  });
  // Several lists of units are several values.
  const lists = [['conv1.weight:1'], ['conv1.weight:2', 'conv1.weight:3']];
  const masks = expandRuns({ runs: [{ ...spec, strategy: 'manual', alpha: 1, localize: { units: lists } }] });
  expect(masks.map(({ id, localize }) => [id, localize.units])).toEqual([
    ['manual-finetune-a1-units1-lr0.03-s0', lists[0]],
    ['manual-finetune-a1-units1-lr0.00001-s0', lists[0]],
    ['manual-finetune-a1-units2-lr0.03-s0', lists[1]],
    ['manual-finetune-a1-units2-lr0.00001-s0', lists[1]],
  ]);
  // What an entry does not have, or is no list of values, is left for the plan to name.
  const odd = expandRuns({ runs: [{ ...spec, strategy: 'del', unlearn: { speed: [1, 2], lr: [] } }] });
  expect(odd.map(({ unlearn }) => unlearn)).toEqual(
    [spec.alpha, spec.alpha].map(() => ({ speed: [1, 2], lr: [] })).slice(0, 2),
  );
});

test('expandRuns: with select the same lists are the candidates of a run for each strategy, method and alpha', () => {
  const spec = {
    label: 'T',
    strategy: 'del',
    method: ['finetune', 'ssd'],
    alpha: [0.1, 0.3],
    seed: [0, 1],
    localize: { cut: ['exact', 'whole-channel'] },
    unlearn: { lr: [0.03, 0.01] },
    select: { by: 'gap' as const, seed: 1000 },
  };
  const runs = expandRuns({ runs: [spec] });
  expect(runs.map(({ id }) => id)).toEqual(
    ['finetune-a0.1', 'finetune-a0.3', 'ssd-a0.1', 'ssd-a0.3'].flatMap((each) =>
      [0, 1].map((seed) => `del-${each}-s${seed}`),
    ),
  );
  // Seeds share what they are tuned over; a method without a rate has fewer candidates.
  expect(runs[0]!.tuning).toBe(runs[1]!.tuning);
  expect(runs.map(({ tuning }) => tuning!.candidates.length)).toEqual([4, 4, 4, 4, 2, 2, 2, 2]);
  expect(runs[0]!.tuning!.candidates[2]).toEqual({
    id: 'del-finetune-a0.1-s1000-c3',
    localize: { cut: 'whole-channel' },
    unlearn: { lr: 0.03 },
  });
  expect(new Set(runs.flatMap(({ tuning }) => tuning!.candidates.map(({ id }) => id))).size).toBe(
    4 + 4 + 2 + 2,
  );
  // One by one they say the same, and share the same candidates.
  const apart = expandRuns({
    runs: spec.method.flatMap((method) =>
      spec.alpha.flatMap((alpha) => spec.seed.map((seed) => ({ ...spec, method, alpha, seed }))),
    ),
  });
  expect(apart.map(({ id, tuning }) => [id, tuning])).toEqual(runs.map(({ id, tuning }) => [id, tuning]));
  expect(apart[0]!.tuning).toBe(apart[1]!.tuning);
  // Other candidates of the same strategy, method and alpha are told apart by a number.
  const other = { ...spec, seed: 2, unlearn: { lr: [0.1] } };
  const ids = expandRuns({ runs: [spec, other] }).flatMap(({ tuning }) =>
    tuning!.candidates.map(({ id }) => id),
  );
  expect(ids).toContain('del-finetune-a0.1-s1000-c1-2');
});

test('expandRuns: a number behind the id means the same settings on every seed, and the label says which', () => {
  const spec = { label: 'A', strategy: 'del', method: 'finetune', alpha: 0.3 };
  const runs = expandRuns({
    runs: [
      { ...spec, seed: [0, 1], unlearn: { lr: 0.01 } },
      { ...spec, seed: [1, 2], unlearn: { lr: 0.1 } },
      { ...spec, seed: 3, unlearn: { lr: [0.1, 0.03] }, select: { by: 'gap', seed: 1000 } },
      { ...spec, alpha: 0.1, seed: 0, unlearn: { lr: 0.5 } },
    ],
  });
  expect(
    groupRuns(runs).map(({ label, alpha, runs: own }) => [label, alpha, own.map(({ id }) => id)]),
  ).toEqual([
    ['A · lr 0.01', 0.3, ['del-finetune-a0.3-s0', 'del-finetune-a0.3-s1']],
    ['A · lr 0.1', 0.3, ['del-finetune-a0.3-s1-2', 'del-finetune-a0.3-s2-2']],
    ['A · lr 0.1/0.03 · tuned by gap on seed 1000', 0.3, ['del-finetune-a0.3-s3-3']],
    ['A', 0.1, ['del-finetune-a0.1-s0']],
  ]);
  // A setting that one run leaves at its default differs by that.
  const labels = expandRuns({
    runs: [
      { ...spec, seed: 0 },
      { ...spec, seed: 0, unlearn: { epochs: 3 } },
    ],
  }).map(({ label }) => label);
  expect(labels).toEqual([
    `A · epochs ${defaultSettings(unlearners.get('finetune').settings).epochs}`,
    'A · epochs 3',
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
  const swept = set('lr=[0.01,0.03]', 'select={"by":"gap"}');
  expect(swept.pretrain.lr).toBe(study.pretrain.lr);
  expect(swept.runs.map((run) => run.unlearn?.lr)).toEqual(study.runs.map(() => [0.01, 0.03]));
  expect(swept.runs[0]!.select).toEqual({ by: 'gap', seed: 1000 });
  expect(set('runs.0.select={"by":"gap-without-mia","seed":7}').runs[0]!.select).toEqual({
    by: 'gap-without-mia',
    seed: 7,
  });
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
    'runs.0.select={"by":"taste"}',
    'select=gap',
  ];
  for (const assignment of bad) expect(() => set(assignment), assignment).toThrow(LetheError);
});

test('--set select: what is left where the shell took the quotes is refused with advice, a method’s own setting is not', () => {
  const advice = `--set select needs JSON; quote it for the shell: 'select={"by":"gap"}'`;
  for (const text of ['{by:gap}', 'gap', '']) expect(() => set(`select=${text}`), text).toThrow(advice);
  const knows = { ...known, method: () => ['select'] };
  expect(applySetting(study, 'select=16', knows).runs[0]!.unlearn?.select).toBe(16);
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
  const rates = seeds.map((i) => (i + 1) / 1000);
  const settings = { lr: rates, momentum: [0, 0.9], batch: [16, 32] };
  const swept: Study = { ...study, runs: Array(10).fill({ ...first!, unlearn: settings }) };
  const tuned: Study = {
    ...study,
    runs: [{ ...first!, unlearn: settings, select: { by: 'gap', seed: 1000 } }],
  };
  for (const [bad, words] of [
    [swept, 'asks for 4000 runs; more than 2000 are not allowed.'],
    [tuned, 'asks for 400 candidates of one run; more than 100 are not allowed.'],
    [many, 'asks for 1000000 runs; more than 2000 are not allowed.'],
    [long, 'repeats long settings in many runs'],
  ] as const) {
    const start = performance.now();
    expect(() => expandRuns(bad)).toThrow(words);
    expect(parseStudy(bad)).toMatchObject({ ok: false, problem: expect.stringContaining(words) });
    expect(performance.now() - start).toBeLessThan(1000);
  }
});
