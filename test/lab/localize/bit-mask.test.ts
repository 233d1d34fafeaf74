import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countBits, movingMask } from '../../../src/lab/localize/bit-mask';
import type { Ranking } from '../../../src/lab/localize/select';

const SIZE = 150;
const order = fc
  .shuffledSubarray([...Array(SIZE).keys()], { minLength: SIZE })
  .map((list) => Uint32Array.from(list));
const ranking = (of: Uint32Array) => ({ layout: { size: SIZE }, order: of }) as Ranking;
const budgets = fc.array(fc.nat(SIZE), { minLength: 1, maxLength: 8 });
const place = fc.nat(SIZE);

test('a mask of bits follows its budget, and any stretch of two is counted as a walk over the scalars would', () => {
  fc.assert(
    fc.property(order, order, budgets, place, place, (a, b, path, one, other) => {
      const [maskA, maskB] = [movingMask(ranking(a)), movingMask(ranking(b))];
      const [from, to] = [Math.min(one, other), Math.max(one, other)];
      for (const budget of path) {
        const [inA, inB] = [new Set(a.subarray(0, budget)), new Set(b.subarray(0, budget))];
        const stretch = Array.from({ length: to - from }, (_, i) => from + i);
        expect(countBits(from, to, maskA(budget))).toBe(stretch.filter((i) => inA.has(i)).length);
        expect(countBits(from, to, maskA(budget), maskB(budget))).toBe(
          stretch.filter((i) => inA.has(i) && inB.has(i)).length,
        );
      }
    }),
  );
});
