import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ComparedImage } from '../../../../src/app/panels/compared/compared-images';
import { drawnClasses, matrixOf, shareOf } from '../../../../src/app/panels/model-classes/matrix';
import { matrixLayout } from '../../../../src/app/panels/model-classes/matrix-layout';

const CLASSES = 5;
const label = fc.nat(CLASSES - 1);
const images = fc.array(
  fc.record({ label, a: label, b: label }).map(
    ({ label, a, b }, index?: number): ComparedImage => ({
      index: index ?? 0,
      label,
      a: { says: a, confidence: 0 },
      b: { says: b, confidence: 0 },
    }),
  ),
);

test('a matrix counts every image once, and the shares of a row make one', () => {
  fc.assert(
    fc.property(images, (told) => {
      const matrix = matrixOf(told, 'b', CLASSES);
      expect(matrix.counts.flat().reduce((sum, count) => sum + count, 0)).toBe(told.length);
      matrix.totals.forEach((total, row) => {
        const shares = matrix.counts[row]!.map((_, says) => shareOf(matrix, row, says));
        if (total === 0) expect(new Set(shares)).toEqual(new Set([undefined]));
        else expect(shares.reduce<number>((sum, share) => sum + share!, 0)).toBeCloseTo(1);
      });
    }),
  );
});

test('of many classes those are drawn whose images get different answers most often, in their order', () => {
  const image = (label: number, a: number, b: number): ComparedImage => ({
    index: 0,
    label,
    a: { says: a, confidence: 0 },
    b: { says: b, confidence: 0 },
  });
  const told = [image(9, 1, 2), image(9, 1, 3), image(4, 1, 2), image(1, 1, 1)];
  expect(drawnClasses(told, 12, 2)).toEqual({ rows: [4, 9], columns: [4, 9] });
  expect(drawnClasses(told, 12)).toMatchObject({ rows: [1, 4, 9], columns: { length: 12 } });
});

test('matrices stay within the width, below each other or beside, and never on one another', () => {
  const space = fc.record({
    rows: fc.integer({ min: 1, max: 20 }),
    columns: fc.integer({ min: 1, max: 20 }),
    name: fc.integer({ min: 20, max: 74 }),
    title: fc.constant(24),
  });
  const size = fc.record({
    width: fc.integer({ min: 280, max: 1400 }),
    height: fc.integer({ min: 100, max: 900 }),
  });
  fc.assert(
    fc.property(size, space, (box, own) => {
      const { a, b, difference, height } = matrixLayout(box, own);
      const areas = [a, b, difference].map(({ x, y, cell }) => ({
        left: x,
        right: x + cell * own.columns,
        top: y,
        bottom: y + own.title + cell * own.rows + own.name,
      }));
      for (const { right, bottom } of areas) {
        expect(right).toBeLessThanOrEqual(box.width);
        expect(bottom).toBeLessThanOrEqual(height);
      }
      areas.forEach((one, i) => {
        for (const other of areas.slice(i + 1))
          expect(one.right <= other.left || one.bottom <= other.top).toBe(true);
      });
    }),
  );
});
