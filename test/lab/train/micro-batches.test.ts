import fc from 'fast-check';
import { expect, test } from 'vitest';
import { microBatches } from '../../../src/lab/train/micro-batches';

const list = (length: number) => Int32Array.from({ length }, (_, i) => i);

test('micro-batches: of one batch hold all images once in order, none too large, weighted to the mean', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 300 }), (length, size) => {
      const pieces = microBatches({ retain: list(length) }, size);
      expect(pieces.flatMap(({ indices }) => [...indices.retain!])).toEqual([...list(length)]);
      for (const { indices, weight } of pieces) {
        expect(indices.retain!.length).toBeLessThanOrEqual(size);
        expect(weight).toBeCloseTo(indices.retain!.length / length, 12);
      }
      expect(pieces).toHaveLength(Math.ceil(length / size));
    }),
  );
});

test('micro-batches: streams are cut side by side, and a short one is repeated instead of left out', () => {
  const pieces = microBatches({ retain: list(8), forget: list(4) }, 2);
  expect(pieces.map(({ indices }) => [[...indices.retain!], [...indices.forget!]])).toEqual([
    [[0, 1], [0]],
    [[2, 3], [1]],
    [[4, 5], [2]],
    [[6, 7], [3]],
  ]);
  for (const { indices } of microBatches({ retain: list(9), forget: list(2) }, 2))
    expect(indices.forget).toHaveLength(1);
  const whole = { retain: list(8) };
  expect(microBatches(whole, undefined)).toEqual([{ indices: whole, weight: 1 }]);
});
