import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { csvMeans, csvReport } from '../../../../src/lab/results/report/csv-report';
import { getPreset } from '../../../../src/lab/study/presets';
import type { StudyResult } from '../../../../src/lab/study/result';
import { NASTY, reportResult } from '../../../support/report-results';

type Row = Record<string, string | number>;
/** As pandas and spreadsheets do: what looks like a number is one. */
const read = (text: string) => parse(text, { columns: true, cast: true }) as Row[];

const NUMBERS = ['alpha', 'seed', 'n', 'epochs', 'rate', 'forgetAccuracy', 'delta_forgetAccuracy', 'gap'];

/** A result whose runs are those of its study, so that their settings are known. */
function settled(name: string): StudyResult {
  const result = reportResult(name);
  const unlearn = { epochs: 7, lr: 0.015 };
  const spec = {
    strategy: ['del', 'deepest', 'shallowest'],
    method: 'reset-finetune',
    alpha: 0.1,
    seed: [0, 1, 2],
  };
  return { ...result, study: { ...result.study, runs: [{ ...spec, unlearn }] } };
}

test('csvReport: a row for every model of every seed, typed, six digits, with settings and link', () => {
  const text = csvReport([settled('Test')], { site: 'https://a.example/' });
  const rows = read(text);
  expect(rows).toHaveLength(3 + 3 + 7);
  const [del] = rows.filter(({ strategy }) => strategy === 'del');
  expect(del).toMatchObject({
    model: 'run',
    method: 'reset-finetune',
    strategy: 'del',
    alpha: 0.1,
    seed: 0,
    n: 3,
    epochs: 7,
    rate: 0.015,
    delta_forgetAccuracy: 1,
    delta_mia: 1,
    gap: 1.33333,
    weights_changed: 10.5,
    data: 'fashion-mnist-mini',
    forget_images: 200,
    version: '',
  });
  expect(del!.link).toMatch(/^https:\/\/a\.example\/#s=1\./);
  expect(rows.find(({ model }) => model === 'oracle')).toMatchObject({
    epochs: 20,
    rate: 0.1,
    alpha: '',
    gap: '',
  });
  for (const row of rows)
    for (const name of NUMBERS) if (row[name] !== '') expect(typeof row[name], name).toBe('number');
  // Only counts have more digits.
  for (const [, digits] of text.matchAll(/(?<=,)-?(\d*\.\d+)(?=,)/g))
    expect(digits!.replace('.', '').replace(/^0+/, '').length).toBeLessThanOrEqual(6);
});

test('csvReport: of a run whose settings were chosen, those that won', () => {
  const result = settled('Test');
  const tuned = { localize: {}, unlearn: { epochs: 7, lr: 0.05 }, candidates: 2, seed: 1000 };
  const runs = result.runs.map((run) => (run.strategy === 'del' ? { ...run, tuned } : run));
  const rows = read(csvReport([{ ...result, runs }]));
  expect(rows.find(({ strategy }) => strategy === 'del')).toMatchObject({ epochs: 7, rate: 0.05 });
  expect(rows.find(({ strategy }) => strategy === 'deepest')).toMatchObject({ epochs: 7, rate: 0.015 });
});

test('csvMeans: a row for the seeds together, with deviation and half interval', () => {
  const rows = read(csvMeans([settled('Test')]));
  expect(rows).toHaveLength(2 + 3);
  const [del] = rows.filter(({ strategy }) => strategy === 'del');
  expect(del).toMatchObject({
    seeds: '0 1 2',
    n: 3,
    delta_forgetAccuracy: 2,
    delta_forgetAccuracy_std: 1,
    delta_forgetAccuracy_half95: 2.48414,
  });
  expect(rows.find(({ strategy }) => strategy === 'shallowest')).toMatchObject({
    n: 1,
    delta_forgetAccuracy: 5,
    delta_forgetAccuracy_half95: '',
  });
});

test('CSV: names from files are no formulas and come back as they were', () => {
  const result = settled(NASTY);
  const formula = {
    ...result,
    runs: result.runs.map((run) => ({ ...run, label: `=HYPERLINK("x") ${run.strategy}` })),
  };
  const rows = read(csvReport([formula]));
  for (const { label, study } of rows) {
    expect(label).toMatch(/^('=HYPERLINK|original$|oracle$)/);
    expect(study).toBe(NASTY);
  }
  expect(csvReport([{ ...settled('x'), study: getPreset('quickstart').study }])).toContain(
    ',#s=1.quickstart,',
  );
});

test('CSV: only the rows that are asked for, in their order', () => {
  const groups = ['shallowest-reset-finetune-a0.1', 'del-reset-finetune-a0.1', 'unknown'];
  const rows = read(csvMeans([settled('Test')], { groups }));
  expect(rows.map(({ model, strategy }) => strategy || model)).toEqual([
    'original',
    'oracle',
    'shallowest',
    'del',
  ]);
});
