import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { snapAlpha } from '../../../../src/app/panels/memorization-map/AlphaHandle';
import { layoutMap, moveUnit, unitAt } from '../../../../src/app/panels/memorization-map/map-layout';
import { mapModel, unitLabel } from '../../../../src/app/panels/memorization-map/map-model';
import { mapTable } from '../../../../src/app/panels/memorization-map/map-table';
import { layerShares } from '../../../../src/app/panels/memorization-map/mask-summary';
import { cutMap, readMap } from '../../../../src/app/panels/memorization-map/ranking';
import { localizers } from '../../../../src/lab/localize';
import type { Scores } from '../../../../src/lab/localize/localizer';
import { unitShares } from '../../../../src/lab/localize/mask-shares';
import { encodeScores } from '../../../../src/lab/localize/scores-codec';
import { unitLayout } from '../../../../src/lab/localize/units';
import { encodeFloats } from '../../../../src/lab/study/floats';
import type { MapRecord } from '../../../../src/lab/study/result';
import { fixtureMap, fixtureSpec } from '../../../support/fixture-study';
import { recordedMask } from '../../../support/recorded-mask';

const spec = fixtureSpec();
const model = mapModel(spec);
const ALPHAS = [0, 0.003, 0.05, 0.1, 0.37, 0.9, 1];

function handPicked() {
  const units = ['conv1.weight:3', 'fc.bias:1'];
  const scores = localizers.get('manual').score({ spec, weights: {} }, { units }) as Scores;
  return encodeScores(spec, scores, { strategy: 'manual', seed: 0 });
}

test('map units have the numbers of the lab', () => {
  for (const name of ['resnet8', 'resnet18', 'resnet50']) {
    const own = mapModel(fixtureSpec(name));
    const lab = unitLayout(fixtureSpec(name));
    expect(own.units).toBe(lab.units);
    expect(own.groups.map((group) => [group.first, group.count, group.size])).toEqual(
      lab.tensors.map((tensor) => [tensor.firstUnit, tensor.rows, tensor.rowLength]),
    );
  }
  expect(unitLabel(model, 16)).toBe('conv1 · γ 0');
});

describe.each(localizers.entries.map(({ id }) => id))('%s', (strategy) => {
  const record = strategy === 'manual' ? handPicked() : fixtureMap(spec, strategy);
  const map = readMap(spec, record);

  test('the quick cut of the handle is the mask of the strategy, at every budget', () => {
    for (const alpha of ALPHAS) {
      const cut = cutMap(map, alpha);
      const mask = recordedMask(spec, record, alpha);
      const shares = unitShares(spec, mask);
      expect(cut.shares).toEqual(shares);
      const ones = Object.values(mask).reduce((sum, bits) => sum + bits.filter(Boolean).length, 0);
      expect([cut.units, cut.scalars]).toEqual([shares.filter(Boolean).length, ones]);
    }
  });
});

test('the quick cut is the mask of the strategy where many scores are equal, with both cuts', () => {
  const { units, size } = unitLayout(spec);
  fc.assert(
    fc.property(
      fc.constantFrom('del', 'salloc', 'random', 'deepest'),
      fc.constantFrom<MapRecord['granularity']>('channel', 'parameter'),
      fc.constantFrom('exact', 'whole-channel'),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.array(fc.constantFrom(0, 1, 2, 1e-30), { minLength: 3, maxLength: 40 }),
      (strategy, granularity, cut, alpha, pattern) => {
        const length = granularity === 'channel' ? units : size;
        const scores = Float32Array.from({ length }, (_, i) => pattern[i % pattern.length]!);
        const record = { strategy, seed: 0, granularity, scores: encodeFloats(scores) };
        const mask = recordedMask(spec, record, alpha, { cut });
        expect(cutMap(readMap(spec, record, { cut }), alpha).shares).toEqual(unitShares(spec, mask));
      },
    ),
    { numRuns: 40 },
  );
});

test('the area under the score curve left of alpha is the share of the score', () => {
  for (const strategy of ['del', 'salloc']) {
    const map = readMap(spec, fixtureMap(spec, strategy));
    const total = map.curve.reduce((sum, height) => sum + height, 0);
    for (const alpha of [0.25, 0.5]) {
      const left = map.curve.slice(0, alpha * map.curve.length).reduce((sum, height) => sum + height, 0);
      expect(left / total).toBeCloseTo(cutMap(map, alpha).scoreShare, 1);
    }
  }
});

test('shares of layers add up to the whole mask', () => {
  const cut = cutMap(readMap(spec, fixtureMap(spec, 'del')), 0.3);
  const shares = layerShares(model, cut.shares);
  const selected = shares.reduce((sum, { share }, i) => sum + share * model.layers[i]!.scalars, 0);
  expect(Math.round(selected)).toBe(cut.scalars);
  expect(shares.map(({ layer }) => layer)).toEqual(spec.layers.map(({ name }) => name));
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
