import { expect, test } from 'vitest';
import { collateral } from '../../../src/lab/compare/collateral';
import { openComparison } from '../../../src/lab/compare/open-comparison';
import { rankCorrelation } from '../../../src/lab/compare/rank-correlation';
import { compared } from '../../support/compared';

test('collateral: distances to the nearest forget image, and changes that shrink with them', async () => {
  const count = 25;
  const request = compared({
    labels: { train: Array.from({ length: count }, () => 0), test: [] },
    forget: [0, 24],
    retain: Array.from({ length: count - 2 }, (_, i) => i + 1),
    classes: 2,
    // Images stand on a line at their own number; b's answers differ the more, the nearer an image is to the end at 0.
    means: (_, __, index, ___, width) => [index, ...Array.from({ length: width - 1 }, () => 0)],
    logits: (side, _, index) => (side === 'a' ? [0, 0] : [0, 5 / (1 + Math.min(index, 24 - index))]),
  });
  const outcome = await openComparison(request).compare(collateral, { sample: 100 });
  expect([...outcome.distance]).toEqual([...outcome.indices].map((i) => Math.min(i, 24 - i)));
  expect(outcome.rankCorrelation).toBeCloseTo(-1, 10);
  expect(outcome.bins.length).toBe(10);
  expect(outcome.bins.reduce((sum, { images }) => sum + images, 0)).toBe(count - 2);
  expect(outcome.bins[0]!.totalVariation).toBeGreaterThan(outcome.bins[9]!.totalVariation);
});

test('rank correlation: known values, ties, and none where nothing varies', () => {
  const of = (x: number[], y: number[]) => rankCorrelation(Float64Array.from(x), Float64Array.from(y));
  expect(of([1, 2, 3, 4], [10, 100, 1000, 1e9])).toBeCloseTo(1, 12);
  // scipy.stats.spearmanr([1, 2, 2, 3], [4, 1, 3, 2]).statistic
  expect(of([1, 2, 2, 3], [4, 1, 3, 2])).toBeCloseTo(-0.6324555320336759, 12);
  expect(of([1, 1, 1], [1, 2, 3])).toBeNull();
});
