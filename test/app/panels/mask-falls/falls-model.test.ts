import { expect, test } from 'vitest';
import { fallRows } from '../../../../src/app/panels/mask-falls/falls-model';

test('a row of the bars has its share, and says both strategies where the pointer rests', () => {
  const layer = (name: string, share: number, units: number) => ({
    layer: name,
    share,
    units,
    layerUnits: 8,
  });
  const mask = { label: 'DEL', layers: [layer('conv1', 0.25, 2), layer('fc', 0, 0)] };
  expect(fallRows(mask, undefined)[0]).toEqual({
    layer: 'conv1',
    name: 'conv1',
    share: 0.25,
    other: undefined,
    title: 'conv1: 25 % of the weights, 2 of 8 units',
  });
  const other = { label: 'SalLoc', layers: [layer('conv1', 0.5, 8), layer('fc', 1, 8)] };
  expect(fallRows(mask, other).map((row) => [row.share, row.other, row.title])).toEqual([
    [0.25, 0.5, 'conv1: 25 % of the weights, 2 of 8 units; SalLoc: 50 %'],
    [0, 1, 'fc: 0 % of the weights, 0 of 8 units; SalLoc: 100 %'],
  ]);
});
