import { describe, expect, test } from 'vitest';
import { tableRows } from '../../../../src/app/panels/runs-table/rows';
import { cutToFit, legible } from '../../../../src/app/panels/trade-off/plane-labels';
import { planeModel } from '../../../../src/app/panels/trade-off/plane-model';
import { planeTable } from '../../../../src/app/panels/trade-off/plane-table';
import type { QuantityId } from '../../../../src/app/state/quantities';
import type { RunMarks } from '../../../../src/app/state/run-marks';
import { fixtureStudy } from '../../../support/fixture-study';

const { originals, oracles, runs } = fixtureStudy();
const none: RunMarks = { pinned: [], hidden: [] };

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

  test('its table says what axes are measured in, each column once, also where an axis is the gap or both are one', () => {
    const plane = planeModel({ originals, oracles, runs }, 'deltaForget', 'testAccuracy');
    const columns = (x: QuantityId, y: QuantityId) => {
      const { columns, rows } = planeTable(plane, x, y);
      expect(new Set(rows.map((row) => row.length))).toEqual(new Set([columns.length]));
      const labels = columns.map(({ label }) => label);
      expect(new Set(labels).size).toBe(labels.length);
      return labels;
    };
    expect(columns('examples', 'testAccuracy')).toContain('cost, thousand images');
    expect(columns('gap', 'testAccuracy')).toHaveLength(10);
    expect(columns('deltaForget', 'deltaForget')).toHaveLength(8);
    const signs = planeTable(plane, 'deltaForget', 'testAccuracy').rows.flat().join();
    expect(signs).toContain('−');
    expect(signs).not.toContain('-');
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

test('labels of the plane are cut to fit, and none lies on another', () => {
  const width = (text: string) => 6 * text.length;
  expect(cutToFit('DEL', 60, width)).toBe('DEL');
  expect(cutToFit('A label that somebody wrote', 60, width)).toBe('A label t…');
  const box = (x: number, y: number) => ({ box: { x, y, width: 50, height: 15 } });
  const labels = [box(0, 0), box(10, 2), box(0, 15), box(48, 0), box(80, 40)];
  const frame = { x: 0, y: 0, width: 100, height: 100 };
  expect(legible(labels, frame)).toEqual([labels[0], labels[2], labels[3]]);
});
