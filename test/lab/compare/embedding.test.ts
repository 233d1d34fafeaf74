import { expect, test } from 'vitest';
import { embedding } from '../../../src/lab/compare/embedding';
import { openComparison } from '../../../src/lab/compare/open-comparison';
import { defaultSettings } from '../../../src/lab/settings';
import { compared } from '../../support/compared';

const COUNT = 40;
const labels = { train: Array.from({ length: COUNT }, (_, i) => i % 2), test: [0, 1, 0, 1] };

/** Features in two clouds, one for each class; those of b are turned by a right angle. */
const request = () =>
  compared({
    labels,
    forget: [1, 3, 5],
    retain: Array.from({ length: COUNT - 10 }, (_, i) => i + 10),
    classes: 2,
    means: (side, split, index) => {
      const along = 20 * labels[split][index]! + Math.sin(index);
      const across = Math.cos(7 * index);
      return side === 'a' ? [along, across] : [across, along];
    },
  });

test('embedding: both models share the axes of the first', async () => {
  const settings = defaultSettings(embedding.settings);
  const { sets, shares, map } = await openComparison(request()).compare(embedding, settings);
  expect(map).toBe('pca');
  expect(shares![0]).toBeGreaterThan(0.98);
  const { a, b, labels: own } = sets.retain;
  // What tells the classes apart in a lies on the first axis; in b the same values lie on the second.
  const along = (points: Float64Array, axis: number) => Array.from(own, (_, i) => points[2 * i + axis]!);
  const spread = (values: number[]) => Math.max(...values) - Math.min(...values);
  expect(spread(along(a, 0))).toBeGreaterThan(18);
  expect(spread(along(a, 1))).toBeLessThan(3);
  expect(spread(along(b, 0))).toBeLessThan(3);
  expect(spread(along(b, 1))).toBeGreaterThan(18);
});

test('embedding: UMAP keeps the two clouds apart, and gives the same map twice', async () => {
  const settings = { ...defaultSettings(embedding.settings), map: 'umap', neighbours: 5 };
  const outcome = await openComparison(request()).compare(embedding, settings);
  const { a, labels: own } = outcome.sets.retain;
  const centre = (label: number) => {
    const chosen = [...own.keys()].filter((i) => own[i] === label);
    return [0, 1].map((axis) => chosen.reduce((sum, i) => sum + a[2 * i + axis]!, 0) / chosen.length);
  };
  const [zero, one] = [centre(0), centre(1)];
  const nearer = [...own.keys()].filter((i) => {
    const to = ([x, y]: number[]) => Math.hypot(a[2 * i]! - x!, a[2 * i + 1]! - y!);
    return to(own[i] === 0 ? zero : one) < to(own[i] === 0 ? one : zero);
  });
  expect(nearer.length).toBe(own.length);
  const again = await openComparison(request()).compare(embedding, settings);
  expect(again).toEqual(outcome);
});
