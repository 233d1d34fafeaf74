import { expect, test } from 'vitest';
import { curveRows } from '../../../../src/app/charts/lines';
import { curvesModel } from '../../../../src/app/panels/curves/curves-model';
import { fixtureStudy } from '../../../support/fixture-study';

const { oracles, runs } = fixtureStudy();

test('curves: a growing series keeps its axis; the loss starts with the first epoch', () => {
  const run = { ...runs[0]!, series: { ...runs[0]!.series, points: runs[0]!.series.points.slice(0, 4) } };
  expect(curvesModel(run, oracles[0], 'accuracy', 12).epochs).toBe(12);
  expect(curvesModel(run, oracles[0], 'accuracy', 12).level?.value).toBe(oracles[0]!.metrics.forgetAccuracy);
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
