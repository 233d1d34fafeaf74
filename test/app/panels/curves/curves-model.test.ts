import { expect, test } from 'vitest';
import { curvesModel } from '../../../../src/app/panels/curves/curves-model';
import { fixtureStudy } from '../../../support/fixture-study';

const { oracles, runs } = fixtureStudy();

test('curves: a growing series keeps its axis; the loss starts with the first epoch', () => {
  const run = { ...runs[0]!, series: { ...runs[0]!.series, points: runs[0]!.series.points.slice(0, 4) } };
  expect(curvesModel(run, oracles[0], 'accuracy', 12).epochs).toBe(12);
  expect(curvesModel(run, oracles[0], 'accuracy', 12).oracleForget).toBe(oracles[0]!.metrics.forgetAccuracy);
  expect(curvesModel(run, oracles[0], 'loss', 12).curves[0]!.points[0]!.epoch).toBe(1);
  expect(curvesModel(undefined, oracles[0], 'accuracy', 12).curves).toEqual([]);
});
