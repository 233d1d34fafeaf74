import { describe, expect, test } from 'vitest';
import { snapAlpha } from '../../../../src/app/panels/memorization-map/AlphaHandle';
import { layoutMap, moveUnit, unitAt } from '../../../../src/app/panels/memorization-map/map-layout';
import { mapTable } from '../../../../src/app/panels/memorization-map/map-table';
import { unitLabel } from '../../../../src/app/panels/memorization-map/unit-text';
import { mapModel } from '../../../../src/lab/localize/map-model';
import { cutMap, readMap } from '../../../../src/lab/localize/ranked-map';
import { fixtureMap, fixtureSpec } from '../../../support/fixture-study';

const spec = fixtureSpec();
const model = mapModel(spec);

test('unit label: the layer, the kind of unit and its number', () => {
  expect(unitLabel(model, 16)).toBe('conv1 · γ 0');
});

describe.each([
  ['wide', { width: 630, height: 290, labelWidth: 120, shareWidth: 78, pitch: [6, 14], cell: [8, 18] }],
  ['phone', { width: 340, height: 0, labelWidth: 0, shareWidth: 2, pitch: [10, 14], cell: [14, 14] }],
] as const)('layout, %s', (_, options) => {
  for (const name of ['resnet8', 'resnet18']) {
    const own = mapModel(fixtureSpec(name));
    const layout = layoutMap(own, options);

    test(`${name}: every unit has a cell of its own, inside the map, and is found there`, () => {
      const misplaced: number[] = [];
      for (let unit = 0; unit < own.units; unit++) {
        const [x, y, w, h] = layout.boxes.slice(unit * 4, unit * 4 + 4) as unknown as number[];
        const inside =
          x! >= options.labelWidth &&
          x! + w! <= options.width - options.shareWidth + 0.5 &&
          y! + h! <= layout.height;
        if (!inside || unitAt(own, layout, x! + w! / 2, y! + h! / 2) !== unit) misplaced.push(unit);
      }
      expect(misplaced).toEqual([]);
    });
  }

  test('arrow keys reach every group of a layer, brackets the next layer', () => {
    const layout = layoutMap(model, options);
    expect(moveUnit(model, layout, 0, 'ArrowRight')).toBe(1);
    expect(moveUnit(model, layout, 0, 'ArrowLeft')).toBe(0);
    expect(unitLabel(model, moveUnit(model, layout, 3, 'ArrowDown')!)).toBe('conv1 · γ 3');
    expect(unitLabel(model, moveUnit(model, layout, 3, ']')!)).toBe('layer1.0.conv1 · channel 3');
    expect(moveUnit(model, layout, 3, '[')).toBe(3);
    expect(moveUnit(model, layout, 3, 'x')).toBeUndefined();
  });
});

test('snapAlpha stops at round budgets', () => {
  expect([snapAlpha(0.10001), snapAlpha(-1), snapAlpha(2), snapAlpha(0.0374)]).toEqual([0.1, 0, 1, 0.035]);
});

test('the map’s table lists units by rank, as many as are asked for, and gives their total', () => {
  const map = readMap(spec, fixtureMap(spec, 'del'));
  const cut = cutMap(map, 0.3);
  const whole = mapTable(map, cut);
  expect(whole.rows.map(([rank]) => rank)).toEqual(Array.from({ length: model.units }, (_, i) => i + 1));
  expect(mapTable(map, cut, { most: 7 })).toEqual({ ...whole, rows: whole.rows.slice(0, 7) });
  const only = new Set([3, 20, 150]);
  const some = mapTable(map, cut, { only, most: 2 });
  expect(some.total).toBe(3);
  expect(some.rows).toEqual(
    whole.rows.filter(([rank]) => only.has(map.ranks.indexOf(Number(rank)))).slice(0, 2),
  );
  const conv = some.rows.concat(mapTable(map, cut, { only }).rows).find(([rank]) => rank === map.ranks[3]);
  expect(conv?.slice(1, 3)).toEqual(['conv1', 'channel 3']);
});
