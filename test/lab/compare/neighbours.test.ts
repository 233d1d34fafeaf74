import fc from 'fast-check';
import { expect, test } from 'vitest';
import { neighbours, packNumbers, unpackNumbers } from '../../../src/lab/compare/neighbours';
import { openComparison } from '../../../src/lab/compare/open-comparison';
import { compared } from '../../support/compared';

const TRAIN = 30;
const settings = { examples: 8, count: 3, sample: 1000 };

/** Features of whole numbers, of which many coincide, so that ties are common. */
const place = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 3, maxLength: 3 });
const places = fc.record({
  a: fc.array(place, { minLength: TRAIN + 5, maxLength: TRAIN + 5 }),
  b: fc.array(place, { minLength: TRAIN + 5, maxLength: TRAIN + 5 }),
  forget: fc.uniqueArray(fc.integer({ min: 0, max: TRAIN - 1 }), { minLength: 1, maxLength: 12 }),
});

test('neighbours: those of sorting the whole pool by distance and number, without the image itself', async () => {
  await fc.assert(
    fc.asyncProperty(places, async ({ a, b, forget }) => {
      const of = { a, b };
      const rowOf = (side: 'a' | 'b', split: string, index: number) =>
        of[side][split === 'test' ? TRAIN + index : index]!;
      const train = Array.from({ length: TRAIN }, (_, index) => index);
      const request = compared({
        labels: { train: train.map(() => 0), test: [0, 0, 0, 0, 0] },
        forget: forget.sort((x, y) => x - y),
        retain: train.filter((index) => !forget.includes(index)),
        classes: 2,
        // Above what is compared at once, and no multiple of it.
        width: 70,
        // Apart at the first and the last places.
        means: (side, split, index, _, width) => [
          ...rowOf(side, split, index),
          ...new Array(width - 3).fill(0),
        ],
      });
      const outcome = await openComparison(request).compare(neighbours, settings);
      expect(outcome.pool).toEqual({ forget: forget.length, retain: TRAIN - forget.length });
      for (const set of ['forget', 'retain', 'test'] as const)
        for (const side of ['a', 'b'] as const) {
          const expected = [...outcome.sets[set].indices].map((index) => {
            const own = rowOf(side, set, index);
            const square = (other: number) =>
              rowOf(side, 'train', other).reduce((sum, value, k) => sum + (value - own[k]!) ** 2, 0);
            return train
              .filter((other) => set === 'test' || other !== index)
              .sort((x, y) => square(x) - square(y) || x - y)
              .slice(0, 3);
          });
          expect([...outcome.sets[set][side]], `${set} of ${side}`).toEqual(expected.flat());
        }
      const { oracle, model } = neighbours.keeping!.pack(outcome);
      expect(oracle!.indices!.test).toEqual([0, 1, 2, 3, 4]);
      expect(unpackNumbers(oracle!.nearest.retain)).toEqual(outcome.sets.retain.a);
      expect(unpackNumbers(model.nearest.retain)).toEqual(outcome.sets.retain.b);
    }),
    { numRuns: 60 },
  );
});

test('neighbours: fewer where the pool is small, none by features that are no numbers, and what is shared', async () => {
  const request = compared({
    labels: { train: [0, 0, 0], test: [] },
    forget: [2],
    retain: [0, 1],
    classes: 2,
    means: (side, _, index, __, width) => new Array(width).fill(side === 'a' ? index : Number.NaN),
  });
  const outcome = await openComparison(request).compare(neighbours, settings);
  expect(outcome.count).toBe(2);
  expect([...outcome.sets.forget.a]).toEqual([1, 0]);
  expect([...outcome.sets.forget.b]).toEqual([-1, -1]);
  expect(outcome.shared).toBe(0);
  expect(unpackNumbers(packNumbers(outcome.sets.forget.b))).toEqual(outcome.sets.forget.b);
  expect(neighbours.say(outcome)).toBe(
    'Of the 2 training images nearest to each of all 1 forget images, looked for among 3, A and B share 0.0 %.',
  );
});
