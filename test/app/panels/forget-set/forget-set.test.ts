import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  cellCorner,
  gridFor,
  gridHeight,
  moveInGrid,
  positionAt,
  scrollToCell,
  visibleRange,
} from '../../../../src/app/panels/forget-set/grid-math';
import { memorizationBins } from '../../../../src/app/panels/forget-set/memorization-bins';
import { lastPick, type Pick, withPick } from '../../../../src/app/panels/forget-set/picks';
import {
  foundByLoss,
  invertIndices,
  shownExamples,
  toggleIndices,
} from '../../../../src/app/panels/forget-set/shown';

const sizes = fc.record({
  width: fc.integer({ min: 20, max: 900 }),
  height: fc.integer({ min: 20, max: 900 }),
  count: fc.integer({ min: 1, max: 10_000 }),
});

test('the image grid fills its width, and positionAt finds a cell where it is drawn', () => {
  fc.assert(
    fc.property(sizes, fc.nat(), ({ width, count }, pick) => {
      const grid = gridFor(width, count);
      expect(grid.columns * (grid.cell + grid.gap) - grid.gap).toBeCloseTo(width, 6);
      const position = pick % count;
      const [x, y] = cellCorner(grid, position);
      expect(positionAt(grid, x + grid.cell / 2, y + grid.cell / 2)).toBe(position);
    }),
  );
});

test('visibleRange holds exactly the rows in view', () => {
  fc.assert(
    fc.property(sizes, fc.nat(), ({ width, height, count }, where) => {
      const grid = gridFor(width, count);
      const scrollTop = where % Math.max(1, gridHeight(grid));
      const [first, end] = visibleRange(grid, scrollTop, height);
      const inView = (position: number) => {
        const [, y] = cellCorner(grid, position);
        return y + grid.cell > scrollTop && y < scrollTop + height;
      };
      for (const position of [first - 1, end])
        if (position >= 0 && position < count) expect(inView(position)).toBe(false);
      expect(end - first).toBeLessThanOrEqual(
        (Math.ceil(height / (grid.cell + grid.gap)) + 1) * grid.columns,
      );
    }),
  );
});

test('moveInGrid stays in the grid, and scrollToCell brings the cursor into view', () => {
  const grid = gridFor(262, 100);
  expect(moveInGrid(grid, 0, 'ArrowLeft', 5)).toBe(0);
  expect(moveInGrid(grid, 0, 'ArrowDown', 5)).toBe(grid.columns);
  expect(moveInGrid(grid, 50, 'End', 5)).toBe(99);
  expect(moveInGrid(grid, 50, 'q', 5)).toBeUndefined();
  const top = scrollToCell(grid, 99, 0, 100);
  const [, y] = cellCorner(grid, 99);
  expect(y + grid.cell).toBeCloseTo(top + 100, 6);
  expect(scrollToCell(grid, 0, top, 100)).toBe(0);
});

test('shownExamples: order and filters', () => {
  const labels = Int32Array.of(1, 0, 1, 2, 0);
  const losses = Float32Array.of(0.5, 3, 0.5, 0.1, 2);
  const of = (order: Parameters<typeof shownExamples>[0]['order'], classes: number[] = []) => [
    ...shownExamples({ labels, losses, order, classes: new Set(classes) }),
  ];
  expect(of('index')).toEqual([0, 1, 2, 3, 4]);
  expect([...shownExamples({ labels, classes: new Set(), order: 'forget', first: new Set([3, 1]) })]).toEqual(
    [1, 3, 0, 2, 4],
  );
  expect(of('class')).toEqual([1, 4, 0, 2, 3]);
  expect(of('loss-low')).toEqual([3, 0, 2, 4, 1]);
  expect(of('loss-high', [0, 2])).toEqual([1, 4, 3]);
});

test('toggleIndices adds what is missing first, then removes; invertIndices twice changes nothing', () => {
  expect(toggleIndices([3, 1], [1, 2])).toEqual([1, 2, 3]);
  expect(toggleIndices([1, 2, 3], [1, 2])).toEqual([3]);
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(50)), fc.uniqueArray(fc.nat(50)), (selected, of) => {
      const sorted = [...selected].sort((a, b) => a - b);
      expect(invertIndices(invertIndices(sorted, of), of)).toEqual(sorted);
    }),
  );
});

test('foundByLoss counts the planted labels among as many highest losses', () => {
  const losses = Float32Array.of(0.1, 5, 0.2, 4, 3);
  const planted = (...indices: number[]) => new Map(indices.map((index) => [index, 0]));
  expect(foundByLoss(losses, planted(1, 3))).toBe(2);
  expect(foundByLoss(losses, planted(1, 4))).toBe(1);
  expect(foundByLoss(losses, planted(0, 2))).toBe(0);
});

test('memorizationBins counts every image once, unknown ones apart, and gives the range of the forget set', () => {
  const scores = Float32Array.of(0, 0.1, 0.3, 0.7, 1, -0.2, 0);
  const errors = new Float32Array(7).fill(0.1);
  errors[6] = Number.POSITIVE_INFINITY;
  const { bins, range, unknown } = memorizationBins({ scores, errors }, new Set([3, 4, 6]));
  expect(unknown).toBe(1);
  expect(bins.map(({ count }) => count)).toEqual([1, 0, 1, 1, 0, 1, 0, 0, 0, 1, 0, 1]);
  expect(bins.map(({ forget }) => forget)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1]);
  expect([bins[0]!.from, bins.at(-1)!.to]).toEqual([-0.2, 1]);
  expect(range!.map((value) => Number(value.toFixed(3)))).toEqual([0.7, 1]);

  const shown = (order: 'memorized-low' | 'memorized-high') => [
    ...shownExamples({
      labels: new Int32Array(7),
      memorization: { scores, errors },
      classes: new Set(),
      order,
    }),
  ];
  expect(shown('memorized-high')).toEqual([4, 3, 2, 1, 0, 5, 6]);
  expect(shown('memorized-low')).toEqual([5, 0, 1, 2, 3, 4, 6]);
});

test('lastPick leads back to the rule and settings before it, unless something else has set the forget set since', () => {
  const before = { rule: 'non-iid', settings: { classes: [1, 5], share: 0.05 } };
  const pick = (picks: Pick[], now: Pick['before'], indices: number[]) => ({
    picks: withPick(picks, now, indices),
    now: { rule: 'manual', settings: { indices } },
  });
  const one = pick([], before, [3]);
  const two = pick(one.picks, one.now, [3, 4]);
  expect(lastPick(two.picks, two.now)!.before).toBe(one.now);
  expect(lastPick(two.picks.slice(0, -1), one.now)!.before).toBe(before);
  // Another study, or an edit elsewhere.
  expect(lastPick(two.picks, before)).toBeUndefined();
  expect(lastPick([], two.now)).toBeUndefined();
});
