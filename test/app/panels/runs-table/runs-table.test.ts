import { describe, expect, test } from 'vitest';
import { classTable, knowsClasses } from '../../../../src/app/panels/runs-table/class-table';
import { tableRows, usualColumns } from '../../../../src/app/panels/runs-table/rows';
import { slowModels } from '../../../../src/app/panels/runs-table/slow-models';
import { type RunMarks, toggleMark } from '../../../../src/app/state/run-marks';
import type { RunView } from '../../../../src/app/state/view';
import { fixtureStudy } from '../../../support/fixture-study';

const { originals, oracles, runs } = fixtureStudy();
const none: RunMarks = { pinned: [], hidden: [] };

test('usualColumns include what only this study measures', () => {
  const rows = tableRows({ originals, oracles, runs }, none, undefined);
  expect(usualColumns(rows)).toEqual(['forgetAccuracy', 'testAccuracy', 'mia', 'deltaForget']);
  const [first, ...others] = runs;
  const attacked = { ...first!, metrics: { ...first!.metrics!, liraAuc: 61 } };
  const with1 = tableRows({ originals, oracles, runs: [attacked, ...others] }, none, undefined);
  expect(usualColumns(with1)).toEqual(['forgetAccuracy', 'testAccuracy', 'mia', 'lira', 'deltaForget']);
});

test('slowModels lists models once for each reason', () => {
  expect(slowModels({ originals, oracles, runs })).toEqual([]);
  const slowed = <T extends { cost?: object }>(models: T[], slow: string) =>
    models.map((model) => ({ ...model, cost: { ...model.cost!, slow } }));
  const some = runs.map((run) => (run.alpha === 0.1 ? slowed([run], 'It reads values back.')[0]! : run));
  const notes = slowModels({ originals: slowed(originals, 'It reads values back.'), oracles, runs: some });
  expect(notes).toHaveLength(1);
  expect(notes[0]!.why).toBe('It reads values back.');
  expect(notes[0]!.who[0]).toBe('original');
  expect(notes[0]!.who[1]).toMatch(/^DEL.* \(α 0\.1\)$/);
  expect(notes[0]!.who.every((who, i) => i === 0 || who.endsWith('(α 0.1)'))).toBe(true);
});

describe('table', () => {
  test('rows hold means and t-intervals over their seeds', () => {
    const row = tableRows({ originals, oracles, runs }, none, undefined).find(
      ({ key }) => key === 'del-reset-finetune-a0.1',
    )!;
    const values = row.group!.runs.map((run) => run.metrics!.forgetAccuracy!);
    const mean = (values[0]! + values[1]! + values[2]!) / 3;
    const std = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 2);
    expect(row.values.forgetAccuracy!.mean).toBeCloseTo(mean, 9);
    // 4.3027 is the 97.5 % quantile of Student's t with 2 degrees of freedom.
    expect(row.values.forgetAccuracy!.half).toBeCloseTo((4.30265 * std) / Math.sqrt(3), 4);
  });

  test('rows: references first, pinned next, hidden left out, unfinished last in both directions', () => {
    const pending: RunView = {
      id: 'del-x-a0.1-s0',
      label: 'x',
      strategy: 'del',
      method: 'x',
      alpha: 0.1,
      seed: 0,
    };
    const marks = toggleMark(
      toggleMark(none, 'pinned', 'full-finetune-a1'),
      'hidden',
      'deepest-reset-finetune-a0.1',
    );
    for (const descending of [true, false]) {
      const rows = tableRows({ originals, oracles, runs: [pending, ...runs] }, marks, {
        by: 'forgetAccuracy',
        descending,
      });
      expect(rows.slice(0, 3).map(({ key }) => key)).toEqual(['oracle', 'original', 'full-finetune-a1']);
      expect(rows.some(({ key }) => key.startsWith('deepest'))).toBe(false);
      expect(rows.at(-1)!.key).toBe('del-x-a0.1');
      const forget = rows.slice(3, -1).map((row) => row.values.forgetAccuracy!.mean);
      expect(forget).toEqual([...forget].sort((a, b) => (descending ? b - a : a - b)));
    }
  });

  test('rows are sorted by the distance of their differences from the oracle', () => {
    const rows = tableRows({ originals, oracles, runs }, none, { by: 'deltaForget', descending: false });
    const distances = rows.slice(2).map((row) => Math.abs(row.values.deltaForget!.mean));
    expect(distances).toEqual([...distances].sort((a, b) => a - b));
  });

  test('classTable: means over the seeds that ran; classes without examples are left out', () => {
    const byClass = (...forget: (number | null)[]) => ({ forget, retain: forget, test: forget });
    const model = (seed: number, ...forget: (number | null)[]) => ({ seed, classes: byClass(...forget) });
    const input = {
      originals: [model(0, 100, 90, null), model(1, 90, 90, null), model(2, 0, 0, null)],
      oracles: [model(0, 40, 60, null), model(1, 60, 60, null)],
      runs: [model(0, 50, 70, null), model(1, 70, 72, null)],
      names: ['bag', 'shirt', 'coat'],
    };
    expect(classTable(input, 'forget').rows).toEqual([
      ['bag', '95.0', '60.0', '50.0', '−10.0'],
      ['shirt', '90.0', '71.0', '60.0', '−11.0'],
    ]);
    expect(knowsClasses(input)).toBe(true);
    expect(knowsClasses({ runs })).toBe(false);
  });
});
