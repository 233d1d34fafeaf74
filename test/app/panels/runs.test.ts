import { describe, expect, test } from 'vitest';
import { curveRows, curvesModel } from '../../../src/app/panels/curves/curves-model';
import { linesOf, runName } from '../../../src/app/panels/run-groups';
import { classTable, knowsClasses } from '../../../src/app/panels/runs-table/class-table';
import {
  exportTable,
  type RunMarks,
  tableRows,
  toggleMark,
  usualColumns,
} from '../../../src/app/panels/runs-table/rows';
import { slowModels } from '../../../src/app/panels/runs-table/slow-models';
import { cutToFit, legible } from '../../../src/app/panels/trade-off/plane-labels';
import { planeModel } from '../../../src/app/panels/trade-off/plane-model';
import { planeTable } from '../../../src/app/panels/trade-off/plane-table';
import type { RunView } from '../../../src/app/state/view';
import { groupRuns } from '../../../src/lab/results/run-groups';
import { fixtureStudy } from '../../support/fixture-study';

const { originals, oracles, runs } = fixtureStudy();
const none: RunMarks = { pinned: [], hidden: [] };

describe('groups', () => {
  test('seeds are taken together, alphas make a line', () => {
    const groups = groupRuns(runs);
    expect(groups).toHaveLength(13);
    expect(groups.every((group) => group.runs.length === 3)).toBe(true);
    const lines = linesOf(groups);
    expect(lines.map((line) => [line.label, line.groups.length])).toEqual([
      ['DEL', 4],
      ['SalLoc', 3],
      ['Random', 3],
      ['Deepest', 1],
      ['Shallowest', 1],
      ['Finetune', 1],
    ]);
  });

  test('one of several runs is called as shortly as tells it from the others', () => {
    const [run] = runs as [RunView, ...RunView[]];
    expect(runName(run, [run])).toBe('DEL');
    expect(runName(run, runs)).toBe(`DEL, α ${run.alpha}, seed 0`);
    const names = runs.map((each) => runName(each, runs));
    expect(new Set(names).size).toBe(runs.length);
  });

  test('runs that differ in settings only, and small alphas, stay apart', () => {
    const ids = ['del-ft-a0.1-s0', 'del-ft-a0.1-s0-2', 'del-ft-a0.1-s1-2', 'del-ft-a1e-7-s0'];
    const views = ids.map(
      (id): RunView => ({ id, label: id, strategy: 'del', method: 'ft', alpha: 0.1, seed: 0 }),
    );
    expect(groupRuns(views).map((group) => [group.key, group.runs.length])).toEqual([
      ['del-ft-a0.1', 1],
      ['del-ft-a0.1-2', 2],
      ['del-ft-a1e-7', 1],
    ]);
    expect(linesOf(groupRuns(views)).map((line) => line.key)).toEqual(['del-ft', 'del-ft-2']);
  });
});

test('what only this study asks about has a column from the start', () => {
  const rows = tableRows({ originals, oracles, runs }, none, undefined);
  expect(usualColumns(rows)).toEqual(['forgetAccuracy', 'testAccuracy', 'mia', 'deltaForget']);
  const [first, ...others] = runs;
  const attacked = { ...first!, metrics: { ...first!.metrics!, liraAuc: 61 } };
  const with1 = tableRows({ originals, oracles, runs: [attacked, ...others] }, none, undefined);
  expect(usualColumns(with1)).toEqual(['forgetAccuracy', 'testAccuracy', 'mia', 'lira', 'deltaForget']);
});

test('whose steps could not be captured is said once for each reason', () => {
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
  test('a row holds means and t-intervals over its seeds', () => {
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

  test('references first, pinned next, hidden gone; unfinished runs stand last however sorted', () => {
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

  test('differences are sorted by their distance from the oracle', () => {
    const rows = tableRows({ originals, oracles, runs }, none, { by: 'deltaForget', descending: false });
    const distances = rows.slice(2).map((row) => Math.abs(row.values.deltaForget!.mean));
    expect(distances).toEqual([...distances].sort((a, b) => a - b));
  });

  test('accuracies by class are means over the seeds that ran; classes without examples are left out', () => {
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

  test('the export has every number of every row', () => {
    const { header, cells } = exportTable(tableRows({ originals, oracles, runs }, none, undefined));
    expect(cells).toHaveLength(15);
    expect(cells.every((row) => row.length === header.length)).toBe(true);
    // In thousands on the page, so the file must say so.
    expect(header).toContain('examples (thousand images)');
    expect(header).toContain('deltaForget (points)');
  });
});

describe('plane', () => {
  test('its table gives no budget to a run over the whole network, as the runs table does not', () => {
    const plane = planeModel({ originals, oracles, runs }, 'deltaForget', 'testAccuracy');
    const [, ...points] = tableRows({ originals, oracles, runs }, none, undefined).slice(1);
    const budgets = planeTable(plane, 'deltaForget', 'testAccuracy')
      .rows.slice(2)
      .map(([, alpha]) => alpha);
    expect(budgets).toEqual(points.map(({ alpha }) => alpha));
    expect(budgets).toContain(undefined);
  });

  test('the oracle is at zero, the original left of it, and all points lie in the domains', () => {
    const plane = planeModel({ originals, oracles, runs }, 'deltaForget', 'testAccuracy');
    expect(plane.oracle!.x.mean).toBe(0);
    expect(plane.original!.x.mean).toBeLessThan(-30);
    for (const { x, y } of plane.lines.flatMap((line) => line.points)) {
      expect(x.mean > plane.xDomain[0] && x.mean < plane.xDomain[1]).toBe(true);
      expect(y.mean > plane.yDomain[0] && y.mean < plane.yDomain[1]).toBe(true);
    }
  });

  test('a running unlearning leaves a trail only on axes that its epochs can tell', () => {
    const liveRun = { ...runs[0]!, metrics: undefined, deltas: undefined };
    const of = (x: 'deltaForget' | 'deltaMia') =>
      planeModel({ originals, oracles, runs, liveRun }, x, 'testAccuracy').trail;
    expect(of('deltaForget')).toHaveLength(13);
    expect(of('deltaForget')[0]!.x).toBeCloseTo(
      oracles[0]!.metrics.forgetAccuracy! - runs[0]!.series.points[0]!.forget,
      9,
    );
    expect(of('deltaMia')).toHaveLength(0);
  });
});

test('curves: a growing series keeps its axis; the loss starts with the first epoch', () => {
  const run = { ...runs[0]!, series: { ...runs[0]!.series, points: runs[0]!.series.points.slice(0, 4) } };
  expect(curvesModel(run, oracles[0], 'accuracy', 12).epochs).toBe(12);
  expect(curvesModel(run, oracles[0], 'accuracy', 12).oracleForget).toBe(oracles[0]!.metrics.forgetAccuracy);
  expect(curvesModel(run, oracles[0], 'loss', 12).curves[0]!.points[0]!.epoch).toBe(1);
  expect(curvesModel(undefined, oracles[0], 'accuracy', 12).curves).toEqual([]);
});

test('the rows of the curves hold every value of every epoch once, in order', () => {
  const { curves } = curvesModel(runs[0], oracles[0], 'accuracy', 12);
  const rows = curveRows(curves);
  expect(rows.map(({ epoch }) => epoch)).toEqual(runs[0]!.series.points.map(({ epoch }) => epoch));
  rows.forEach((row, i) => {
    expect(runs[0]!.series.points[i]).toMatchObject(row);
  });
  expect(rows[3]).toHaveProperty('forget');
  const gappy = curveRows([
    { id: 'retain', color: '', points: [{ epoch: 2, value: 1 }] },
    {
      id: 'test',
      color: '',
      points: [
        { epoch: 1, value: 3 },
        { epoch: 2, value: 4 },
      ],
    },
  ]);
  expect(gappy).toEqual([
    { epoch: 1, test: 3 },
    { epoch: 2, retain: 1, test: 4 },
  ]);
});

test('labels of the plane are cut to fit, and none lies on another', () => {
  const width = (text: string) => 6 * text.length;
  expect(cutToFit('DEL', 60, width)).toBe('DEL');
  expect(cutToFit('A label that somebody wrote', 60, width)).toBe('A label t…');
  const box = (x: number, y: number) => ({ box: { x, y, width: 50, height: 15 } });
  const labels = [box(0, 0), box(10, 2), box(0, 15), box(48, 0), box(80, 40)];
  const frame = { x: 0, y: 0, width: 100, height: 100 };
  expect(legible(labels, frame)).toEqual([labels[0], labels[2], labels[3]]);
});
