import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { localizers } from '../../../src/lab/localize';
import { layerShares } from '../../../src/lab/localize/layer-shares';
import { mapModel } from '../../../src/lab/localize/map-model';
import { unitShares } from '../../../src/lab/localize/mask-shares';
import { cutMap, readMap } from '../../../src/lab/localize/ranked-map';
import type { Scores } from '../../../src/lab/localize/scores';
import { encodeScores } from '../../../src/lab/localize/scores-codec';
import { unitLayout } from '../../../src/lab/localize/units';
import { encodeFloats } from '../../../src/lab/study/floats';
import type { MapRecord } from '../../../src/lab/study/result';
import { fixtureMap, fixtureSpec } from '../../support/fixture-study';
import { recordedMask } from '../../support/recorded-mask';

const spec = fixtureSpec();
const model = mapModel(spec);
const ALPHAS = [0, 0.003, 0.05, 0.1, 0.37, 0.9, 1];

function handPicked() {
  const units = ['conv1.weight:3', 'fc.bias:1'];
  const scores = localizers.get('manual').score({ spec, weights: {} }, { units }) as Scores;
  return encodeScores(spec, scores, { strategy: 'manual', seed: 0 });
}

test('map model: numbers units as the unit layout does', () => {
  for (const name of ['resnet8', 'resnet18', 'resnet50']) {
    const own = mapModel(fixtureSpec(name));
    const lab = unitLayout(fixtureSpec(name));
    expect(own.units).toBe(lab.units);
    expect(own.groups.map((group) => [group.first, group.count, group.size])).toEqual(
      lab.tensors.map((tensor) => [tensor.firstUnit, tensor.rows, tensor.rowLength]),
    );
  }
});

describe.each(localizers.entries.map(({ id }) => id))('%s', (strategy) => {
  const record = strategy === 'manual' ? handPicked() : fixtureMap(spec, strategy);
  const map = readMap(spec, record);

  test('ranked map: unit shares are those of the mask that the strategy selects, at every alpha', () => {
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

test('ranked map: unit shares are those of the mask where many scores are equal, with both cuts', () => {
  const { units, size } = unitLayout(spec);
  fc.assert(
    fc.property(
      fc.constantFrom('del', 'salloc', 'random', 'deepest', 'small-gradient'),
      fc.constantFrom<MapRecord['granularity']>('channel', 'parameter'),
      fc.constantFrom('exact', 'whole-channel'),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.array(fc.constantFrom(0, 1, 2, 1e-30), { minLength: 3, maxLength: 40 }),
      (strategy, either, cut, alpha, pattern) => {
        // Ranks within tensors are those of single weights; a file that says otherwise is not opened.
        const granularity = localizers.get(strategy).scoresAreRanks ? 'parameter' : either;
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

test('score curve: the area left of alpha is the share of the score that the mask carries', () => {
  for (const strategy of ['del', 'salloc']) {
    const map = readMap(spec, fixtureMap(spec, strategy));
    const total = map.curve.reduce((sum, height) => sum + height, 0);
    for (const alpha of [0.25, 0.5]) {
      const left = map.curve.slice(0, alpha * map.curve.length).reduce((sum, height) => sum + height, 0);
      expect(left / total).toBeCloseTo(cutMap(map, alpha).scoreShare, 1);
    }
  }
});

test('layer shares: add up to the mask', () => {
  const cut = cutMap(readMap(spec, fixtureMap(spec, 'del')), 0.3);
  const shares = layerShares(model, cut.shares);
  const selected = shares.reduce((sum, { share }, i) => sum + share * model.layers[i]!.scalars, 0);
  expect(Math.round(selected)).toBe(cut.scalars);
  expect(shares.map(({ layer }) => layer)).toEqual(spec.layers.map(({ name }) => name));
});
