import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bitMaskCutter } from '../../../../src/lab/localize/cut/bit-mask';
import type { CutRule } from '../../../../src/lab/localize/cut/budget';
import { cutRanking } from '../../../../src/lab/localize/cut/byte-mask';
import { rankScores } from '../../../../src/lab/localize/cut/ranking';
import { unitCutter } from '../../../../src/lab/localize/cut/unit-shares';
import { unitShares } from '../../../../src/lab/localize/mask-shares';
import type { Mask } from '../../../../src/lab/tensors';
import { sizeOf } from '../../../../src/lab/tensors';
import { type AnyCut, anyCut } from '../../../support/any-cut';

const rules = fc.constantFrom<CutRule>('exact', 'whole-channel');

/** The mask by the words of METHOD section 1.3, with JavaScript's own sort and one weight at a time. */
function maskByDefinition({ spec, scores, alpha }: AnyCut, rule: CutRule): number[] {
  const entries: { score: number; scalars: number[] }[] = [];
  let size = 0;
  for (const { name, shape } of spec.parameters) {
    const values = scores.values[name]!;
    const length = sizeOf(shape) / values.length;
    for (const score of values) {
      entries.push({ score, scalars: Array.from({ length }, (_, i) => size + i) });
      size += length;
    }
  }
  const mask = Array.from({ length: size }, () => 0);
  let left = Math.floor(alpha * size);
  // A stable sort: equal scores stay in parameter order.
  for (const { scalars } of entries.sort((a, b) => b.score - a.score)) {
    if (scalars.length > left && rule === 'whole-channel') break;
    for (const scalar of scalars.slice(0, left)) mask[scalar] = 1;
    left -= Math.min(left, scalars.length);
  }
  return mask;
}

const flat = (mask: Mask) => Object.values(mask).flatMap((bytes) => [...bytes]);

test('cut of channels: the mask is the one of the definition, and the unit shares are those of the mask', () => {
  fc.assert(
    fc.property(anyCut('channel'), rules, (cut, rule) => {
      const ranking = rankScores(cut.spec, cut.scores);
      const mask = cutRanking(ranking, cut.alpha, rule);
      expect(flat(mask)).toEqual(maskByDefinition(cut, rule));
      const { shares, sum } = unitCutter(ranking, rule)(cut.alpha);
      expect(shares).toEqual(unitShares(cut.spec, mask));
      expect(sum).toBeUndefined();
    }),
    { numRuns: 300 },
  );
});

test('cut of single weights: mask, unit shares and bits are those of the definition, whatever alpha was cut before', () => {
  fc.assert(
    fc.property(
      anyCut('parameter'),
      fc.double({ min: 0, max: 1, noNaN: true }),
      rules,
      (cut, before, rule) => {
        const ranking = rankScores(cut.spec, cut.scores);
        const mask = cutRanking(ranking, cut.alpha, rule);
        const expected = maskByDefinition(cut, rule);
        expect(flat(mask)).toEqual(expected);
        const cutUnits = unitCutter(ranking, rule);
        const cutBits = bitMaskCutter(ranking);
        cutUnits(before);
        cutBits(before);
        expect(cutUnits(cut.alpha).shares).toEqual(unitShares(cut.spec, mask));
        const words = cutBits(cut.alpha);
        expect(Array.from(expected, (_, i) => (words[i >>> 5]! >>> (i & 31)) & 1)).toEqual(expected);
        expect(words.length).toBe(Math.ceil(expected.length / 32));
      },
    ),
    { numRuns: 300 },
  );
});

test('cut: an alpha that is no share is refused by every one of them', () => {
  fc.assert(
    fc.property(anyCut('parameter'), fc.constantFrom(-1e-9, 1.0000001, Number.NaN), (cut, alpha) => {
      const ranking = rankScores(cut.spec, cut.scores);
      for (const cutAt of [
        () => cutRanking(ranking, alpha, 'exact'),
        () => unitCutter(ranking, 'exact')(alpha),
        () => bitMaskCutter(ranking)(alpha),
      ])
        expect(cutAt).toThrow('Alpha must lie between 0 and 1');
    }),
    { numRuns: 20 },
  );
});
