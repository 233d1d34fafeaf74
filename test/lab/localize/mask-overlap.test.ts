import { expect, test } from 'vitest';
import { cutMask, layerOverlaps, overlapMatrix } from '../../../src/lab/localize/mask-overlap';
import { readMap } from '../../../src/lab/localize/ranked-map';
import { fixtureMap, fixtureSpec } from '../../support/fixture-study';
import { jaccard } from '../../support/jaccard';
import { recordedMask } from '../../support/recorded-mask';

const spec = fixtureSpec();
const STRATEGIES = ['del', 'salloc', 'weighted-grad-parameter', 'small-gradient', 'random', 'deepest'];
const records = STRATEGIES.map((strategy) => fixtureMap(spec, strategy));
const maps = records.map((record) => readMap(spec, record));

test('mask overlap: the matrix and its layers are Jaccard indices of the masks, of channels and of single weights', () => {
  // Up and down, since masks of single weights are changed in place from one alpha to the next.
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
