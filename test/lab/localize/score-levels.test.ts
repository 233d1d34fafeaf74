import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { argsortDescending } from '../../../src/lab/localize/cut/argsort';
import { cutMap, readMap } from '../../../src/lab/localize/ranked-map';
import { levelsOf, scoresOfLevels } from '../../../src/lab/localize/score-levels';
import { countOfRecord, decodeScores, encodeScores } from '../../../src/lab/localize/scores-codec';
import { unitLayout } from '../../../src/lab/localize/units';
import { specOf } from '../../../src/lab/nn/models';
import { registries } from '../../../src/lab/session/all-registries';
import { fixtureMap } from '../../support/fixture-study';

/** The steps of the page's handle in thousandths, and finer ones below its first step. */
const EXACT = [...Array(201).keys()].map((i) => i * 5).concat([0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5]);
const alphas = EXACT.map((thousandths) => Number((thousandths / 1000).toFixed(4)));

test('score levels: give the masks of the scores at every step of the handle, ties included', () => {
  // Few distinct values tie across levels; neighbouring floats have one mean.
  const ties = fc.integer({ min: -3, max: 3 }).map((value) => Math.fround(value / 7));
  const close = fc.integer({ min: 0, max: 3 }).map((ulps) => Math.fround(1 + ulps * 2 ** -23));
  const any = fc.float({ noNaN: true, noDefaultInfinity: true });
  const values = fc
    .constantFrom(ties, close, any)
    .chain((kind) => fc.array(kind, { minLength: 1, maxLength: 3000 }));
  fc.assert(
    fc.property(values, (given) => {
      const order = argsortDescending(Float32Array.from(given));
      const levels = levelsOf(
        order,
        Float32Array.from(order, (index) => given[index]!),
      );
      expect(levels.means.length).toBeLessThanOrEqual(256);
      const place = new Uint32Array(order.length);
      order.forEach((index, at) => {
        place[index] = at;
      });
      // How far back in the true order the first entries from levels reach. A mask is the same when it holds nothing from beyond its
      // budget.
      const furthest = [-1];
      for (const index of argsortDescending(scoresOfLevels(levels)))
        furthest.push(Math.max(furthest.at(-1)!, place[index]!));
      const budgets = alphas.map((alpha) => Math.floor(alpha * given.length));
      expect(budgets.filter((budget) => furthest[budget]! >= budget)).toEqual([]);
    }),
    { numRuns: 30 },
  );
});

test('score levels: a record of many single weights takes a quarter of the space and gives the same map', () => {
  const spec = specOf({ id: 'resnet8' }, registries.sources.get('fashion-mnist-mini'));
  const map = fixtureMap(spec, 'salloc');
  const scores = decodeScores(spec, map);
  const record = encodeScores(spec, scores, map);
  // Beside a byte for each weight, a record holds the levels' means, the units' scores and the curve.
  const beside = (16 / 3) * (256 + unitLayout(spec).units + 512);
  expect(JSON.stringify(record).length).toBeLessThan(map.scores.length / 4 + beside + 200);
  expect(countOfRecord(record)).toBe(spec.size);
  const [shown, told] = [readMap(spec, map), readMap(spec, record)];
  // `toEqual` takes minutes to list what differs among thousands of numbers.
  const same = (a: object, b: object) => expect(isDeepStrictEqual(a, b)).toBe(true);
  same(told.unitScores, shown.unitScores);
  same(told.ranks, shown.ranks);
  same(told.curve, shown.curve);
  for (const alpha of alphas) {
    const { scoreShare, shares, ...cut } = cutMap(shown, alpha);
    const again = cutMap(told, alpha);
    same(again.shares, shares);
    same(again.layers, cut.layers);
    expect(again).toMatchObject({ units: cut.units, scalars: cut.scalars });
    expect(again.scoreShare).toBeCloseTo(scoreShare, 7);
  }
  const levels = { ...record.levels!, weights: record.levels!.weights.slice(4) };
  expect(() => readMap(spec, { ...record, levels })).toThrow('but this network needs');
  expect(() => readMap(spec, { ...record, scores: record.scores.slice(0, 16) })).toThrow('a level of scores');
});
