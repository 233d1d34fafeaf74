import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  cutMask,
  layerOverlaps,
  overlapMatrix,
  textColorOn,
} from '../../../../src/app/panels/mask-overlap/overlap-matrix';
import { readMap } from '../../../../src/app/panels/memorization-map/ranking';
import { fixtureMap, fixtureSpec } from '../../../support/fixture-study';
import { jaccard } from '../../../support/jaccard';
import { recordedMask } from '../../../support/recorded-mask';

const spec = fixtureSpec();
const STRATEGIES = ['del', 'salloc', 'weighted-grad-parameter', 'random', 'deepest'];
const records = STRATEGIES.map((strategy) => fixtureMap(spec, strategy));
const maps = records.map((record) => readMap(spec, record));

test('overlaps equal the Jaccard indices of the masks, as a whole and by layer, of channels and of single weights', () => {
  // To and fro: the masks of single weights follow the handle.
  for (const alpha of [0, 0.35, 0.1, 1, 0.012]) {
    const cuts = maps.map((map) => cutMask(map, alpha));
    const masks = records.map((record) => recordedMask(spec, record, alpha));
    const matrix = overlapMatrix(cuts);
    expect(matrix).toEqual(masks.map((a) => masks.map((b) => jaccard(a, b))));
    const layers = layerOverlaps(cuts[0]!, cuts.slice(1));
    spec.layers.forEach(({ parameters }, i) => {
      masks.slice(1).forEach((mask, j) => {
        const empty = [masks[0]!, mask].every((one) => parameters.every((name) => !one[name]!.some(Boolean)));
        expect(layers[i]![j]).toBe(empty ? undefined : jaccard(masks[0]!, mask, parameters));
      });
    });
  }
});

test('textColorOn has a contrast of at least 4.5 to 1 on every colour', () => {
  const part = fc.nat(255);
  const linear = (value: number) =>
    value <= 10.31 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4;
  fc.assert(
    fc.property(part, part, part, (r, g, b) => {
      const luminance = 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
      const text = textColorOn(`rgb(${r}, ${g}, ${b})`) === 'black' ? 0 : 1;
      const [low, high] = [Math.min(luminance, text), Math.max(luminance, text)];
      expect((high + 0.05) / (low + 0.05)).toBeGreaterThan(4.5);
    }),
  );
});
