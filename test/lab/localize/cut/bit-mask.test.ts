import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bitMaskCutter, countBits } from '../../../../src/lab/localize/cut/bit-mask';
import type { Ranking } from '../../../../src/lab/localize/cut/ranking';

const SIZE = 150;
const order = fc
  .shuffledSubarray([...Array(SIZE).keys()], { minLength: SIZE })
  .map((list) => Uint32Array.from(list));
const ranking = (best: Uint32Array) =>
  ({ layout: { size: SIZE }, granularity: 'parameter', order: best }) as Ranking;
/** An alpha whose budget is this many scalars, away from rounding. */
const alphaOf = (budget: number) => Math.min(1, (budget + 0.5) / SIZE);
const budgets = fc.array(fc.nat(SIZE), { minLength: 1, maxLength: 8 });
const place = fc.nat(SIZE);

test('bit mask: follows alpha up and down, and counts any stretch of one or two masks', () => {
  fc.assert(
    fc.property(order, order, budgets, place, place, (a, b, path, one, other) => {
      const [maskA, maskB] = [bitMaskCutter(ranking(a)), bitMaskCutter(ranking(b))];
      const [from, to] = [Math.min(one, other), Math.max(one, other)];
      for (const budget of path) {
        const [inA, inB] = [new Set(a.subarray(0, budget)), new Set(b.subarray(0, budget))];
        const stretch = Array.from({ length: to - from }, (_, i) => from + i);
        const alpha = alphaOf(budget);
        expect(countBits(from, to, maskA(alpha))).toBe(stretch.filter((i) => inA.has(i)).length);
        expect(countBits(from, to, maskA(alpha), maskB(alpha))).toBe(
          stretch.filter((i) => inA.has(i) && inB.has(i)).length,
        );
      }
    }),
  );
});
