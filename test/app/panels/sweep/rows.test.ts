import { expect, test } from 'vitest';
import {
  changedSettings,
  combinationsOf,
  copyOf,
  earlierTwin,
  rowsOf,
  rowsProblem,
  seedsFor,
  specsOfRows,
  usesAlpha,
  withMethod,
  withoutTuning,
  withStrategy,
  withTuning,
} from '../../../../src/app/panels/sweep/rows';
import { localizers } from '../../../../src/lab/localize';
import { planStudy } from '../../../../src/lab/plan/plan-study';
import { registries } from '../../../../src/lab/session/all-registries';
import { expandRuns } from '../../../../src/lab/study/expand';
import { getPreset, presets } from '../../../../src/lab/study/presets';
import type { RunSpec, Study } from '../../../../src/lab/study/study';
import { unlearners } from '../../../../src/lab/unlearn';

const RETRAIN = { epochs: 12, lr: 0.1, batch: 32 };
const del: RunSpec = {
  label: 'DEL',
  strategy: 'del',
  method: 'reset-finetune',
  alpha: 0.1,
  seed: 0,
  unlearn: RETRAIN,
};
const studyOf = (...runs: RunSpec[]): Study => ({ ...presets[0]!.study, runs });
const [row] = rowsOf([del]);

test('rows: every preset is read and written back as the same runs, in the same order and as shortly', () => {
  for (const { id, study } of presets) {
    const rows = rowsOf(study.runs);
    const written = specsOfRows(rows);
    expect(written.length, id).toBeLessThanOrEqual(study.runs.length);
    expect(rowsOf(written), id).toEqual(rows);
    expect(rowsProblem(rows), id).toBeUndefined();
    expect(expandRuns({ runs: written }), id).toEqual(expandRuns(study));
  }
});

test('rows: what is written back has the stages of what was read', () => {
  const keys = (of: Study) => planStudy(of, registries).stages.map(({ key }) => key);
  for (const id of ['where-matters', 'alpha-sweep', 'deeper', 'paper-orderings']) {
    const { study } = getPreset(id);
    expect(keys({ ...study, runs: specsOfRows(rowsOf(study.runs)) }), id).toEqual(keys(study));
  }
});

test('rows: a product of lists is a row for each pair, and one spec again', () => {
  const product: RunSpec = {
    ...del,
    strategy: ['del', 'random', 'salloc'],
    method: ['reset-finetune', 'finetune'],
    select: { by: 'gap', seed: 1000 },
    unlearn: { lr: [0.1, 0.01] },
  };
  expect(rowsOf([product]).map(({ strategy, method }) => `${strategy} ${method}`)).toEqual([
    'del reset-finetune',
    'del finetune',
    'random reset-finetune',
    'random finetune',
    'salloc reset-finetune',
    'salloc finetune',
  ]);
  expect(specsOfRows(rowsOf([product]))).toEqual([product]);
});

test('rows: a second method leaves the settings of the first alone, and a setting of one is not given to another', () => {
  const second = withMethod(copyOf(row!), 'neggrad-plus', undefined);
  const set = { ...second, unlearn: { ...second.unlearn, beta: [0.9, 0.95] } };
  const specs = specsOfRows([row!, set]);
  expect(specs[0]).toEqual(del);
  expect(expandRuns(studyOf(...specs)).map(({ label, unlearn }) => [label, unlearn])).toEqual([
    ['DEL', RETRAIN],
    ['del · neggrad-plus · beta 0.9', { epochs: 12, batch: 32, beta: 0.9 }],
    ['del · neggrad-plus · beta 0.95', { epochs: 12, batch: 32, beta: 0.95 }],
  ]);
  const mixed = rowsOf([{ ...del, method: ['neggrad-plus', 'finetune'], unlearn: { beta: 0.9, epochs: 5 } }]);
  expect(mixed.map(({ unlearn }) => unlearn)).toEqual([{ beta: 0.9, epochs: 5 }, { epochs: 5 }]);
});

test('rows: another method keeps what both have but its own rate, and what it had when it was last chosen', () => {
  expect(withMethod(row!, 'finetune', undefined).unlearn).toEqual({ epochs: 12, batch: 32 });
  expect(withMethod(row!, 'finetune', { lr: 0.5 }).unlearn).toEqual({ lr: 0.5 });
  // The old name would belong to something else.
  expect(withMethod(row!, 'finetune', undefined).label).toBeUndefined();
});

test('rows: the whole network has no budget, and a mask has one again', () => {
  const whole = withStrategy(row!, 'full', undefined, 0.2);
  expect([whole.alpha, usesAlpha(whole)]).toEqual([1, false]);
  expect(withStrategy(whole, 'random', undefined, [0.2, 0.3]).alpha).toEqual([0.2, 0.3]);
  expect(usesAlpha(withMethod(row!, 'ssd', undefined))).toBe(false);
  expect(usesAlpha(row!)).toBe(true);
  // Several budgets would be as many equal runs.
  expect(withMethod({ ...row!, alpha: [0.1, 0.3] }, 'ssd', undefined).alpha).toBe(0.1);
  expect(withStrategy({ ...row!, alpha: [0.1, 0.3] }, 'critmem', undefined, 0.3).alpha).toBe(0.1);
});

test('tuning: one value becomes the grid of the method, values that were listed stay, and a selection seed is free', () => {
  const tuned = withTuning(row!, [row!]);
  const { grid } = unlearners.get('reset-finetune').settings.find(({ name }) => name === 'lr') as {
    grid: { values: number[] };
  };
  expect(tuned).toMatchObject({ unlearn: { lr: grid.values }, select: { by: 'gap', seed: 1000 } });
  expect(combinationsOf(tuned)).toBe(3);
  expect(expandRuns({ runs: specsOfRows([tuned]) })).toHaveLength(1);
  const listed = { ...row!, seed: [1000, 1001], unlearn: { ...RETRAIN, epochs: [2, 4] } };
  const both = withTuning(listed, [listed]);
  expect([both.unlearn, both.select!.seed]).toEqual([listed.unlearn, 1002]);
  expect(withoutTuning(both)).toEqual(listed);
  for (const { id } of unlearners.entries) {
    const all = withTuning(withMethod(row!, id, undefined), []);
    expect(rowsProblem([all]), id).toBeUndefined();
  }
});

test('rows: what cannot be a study is refused with a sentence', () => {
  expect(rowsProblem([{ ...row!, alpha: [0.1, 0.2], seed: Array.from({ length: 1001 }, (_, i) => i) }])).toBe(
    'The study then asks for 2002 runs; more than 2000 are not allowed.',
  );
  expect(rowsProblem([withTuning({ ...row!, seed: 0 }, []), { ...row!, seed: 1000 }])).toBe(
    'Settings are chosen on seed 1000, which therefore cannot be reported too.',
  );
  const many = Array.from({ length: 101 }, (_, i) => ({ ...row!, alpha: i / 200 }));
  expect(rowsProblem(many)).toBe('A study has at most 100 rows.');
});

test('seeds: more repeats keep those that there are, and leave out what settings are chosen on', () => {
  expect(seedsFor(3, [row!])).toEqual([0, 1, 2]);
  expect(seedsFor(3, [{ ...row!, seed: [7, 8] }])).toEqual([7, 8, 9]);
  expect(seedsFor(1, [{ ...row!, seed: [7, 8] }])).toEqual([7]);
  expect(seedsFor(3, [withTuning({ ...row!, seed: 999 }, [])])).toEqual([999, 1001, 1002]);
});

test('rows: what is not at its default is listed, without what has a column; a row that says the same as one above is told', () => {
  expect(changedSettings(row!, ['lr', 'epochs'])).toEqual([
    { name: 'batch', label: 'Batch size', text: '32' },
  ]);
  const listed = rowsOf([
    { ...del, strategy: 'del', localize: { h: ['published', 'row'] }, unlearn: {} },
  ])[0]!;
  const h = localizers.get('del').settings.find(({ name }) => name === 'h')!;
  expect(changedSettings(listed, [])).toEqual([
    { name: 'h', label: h.label, text: 'as published, share of the row' },
  ]);
  expect(earlierTwin([row!, copyOf(row!)], 1)).toBe(0);
  expect(earlierTwin([row!, withMethod(row!, 'finetune', undefined)], 1)).toBeUndefined();
});
