import fc from 'fast-check';
import { expect, test } from 'vitest';
import { randomStream } from '../../../src/lab/rng';
import { LetheError } from '../../../src/lab/settings';
import {
  type BatchSource,
  cutIntoBatches,
  epochBatches,
  evaluationBatches,
} from '../../../src/lab/train/batches';
import { parseOrder } from '../../../src/lab/train/order';
import { cosineRate } from '../../../src/lab/train/schedule';

const sizes = fc.record({
  retain: fc.integer({ min: 1, max: 60 }),
  forget: fc.integer({ min: 1, max: 20 }),
  batch: fc.integer({ min: 1, max: 16 }),
  seed: fc.nat(1000),
});

function sourceOf({ retain, forget, seed }: { retain: number; forget: number; seed: number }): BatchSource {
  return {
    forget: Int32Array.from({ length: forget }, (_, index) => index),
    retain: Int32Array.from({ length: retain }, (_, index) => 100 + index),
    random: (...path) => randomStream(seed, ...path),
  };
}

const flat = (lists: (Int32Array | undefined)[]) => lists.flatMap((list) => [...list!]);

test('epoch batches: visit every example once, or leave out less than a batch', () => {
  fc.assert(
    fc.property(sizes, fc.boolean(), (given, dropLast) => {
      const source = sourceOf(given);
      const { batch } = given;
      const seen = flat(
        epochBatches(source, 0, { over: 'mixed', batch, dropLast }).map(({ mixed }) => mixed),
      );
      const total = given.retain + given.forget;
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen.length).toBe(dropLast && total > batch ? total - (total % batch) : total);
      for (const index of seen) expect(index < given.forget || index >= 100).toBe(true);
    }),
  );
});

test('epoch batches: the second stream starts over, reshuffled, and accompanies every step', () => {
  fc.assert(
    fc.property(sizes, (given) => {
      const source = sourceOf(given);
      const options = { over: 'retain', cycle: 'forget', batch: given.batch, dropLast: true } as const;
      const steps = epochBatches(source, 2, options);
      expect(steps.length).toBe(Math.max(1, Math.floor(given.retain / given.batch)));
      const round = cutIntoBatches(source.forget, given.batch, true).length;
      for (let from = 0; from < steps.length; from += round) {
        const visited = flat(steps.slice(from, from + round).map(({ forget }) => forget));
        expect(new Set(visited).size).toBe(visited.length);
      }
      expect(epochBatches(source, 2, options)).toEqual(steps);
    }),
  );
});

test('epoch batches: a second stream without examples is refused in a sentence', () => {
  const source = { ...sourceOf({ retain: 5, forget: 1, seed: 0 }), forget: new Int32Array() };
  const options = { over: 'retain', batch: 2, dropLast: true } as const;
  expect(() => epochBatches(source, 0, { ...options, cycle: 'forget' })).toThrow(LetheError);
  expect(() => epochBatches(source, 0, { ...options, cycle: 'forget' })).toThrow(
    'There are no forget images to go beside the retain images.',
  );
  expect(epochBatches(source, 0, options)).toHaveLength(2);
});

test('epoch batches: differ between epochs and do not change the source', () => {
  const source = sourceOf({ retain: 50, forget: 5, seed: 1 });
  const options = { over: 'retain', batch: 10, dropLast: false } as const;
  const before = source.retain.slice();
  expect(epochBatches(source, 0, options)).not.toEqual(epochBatches(source, 1, options));
  expect(source.retain).toEqual(before);
});

test('order file: replays its batches and is checked', () => {
  const order = parseOrder(
    { epochs: [{ retain: [[3, 1], [2]], forget: [[0]] }], score: { forget: [[0, 4]] }, stream: [4, 2] },
    5,
  );
  const source = { ...sourceOf({ retain: 5, forget: 1, seed: 0 }), order };
  expect(epochBatches(source, 0, { over: 'retain', cycle: 'forget', batch: 99, dropLast: true })).toEqual([
    { retain: Int32Array.of(3, 1), forget: Int32Array.of(0) },
    { retain: Int32Array.of(2), forget: Int32Array.of(0) },
  ]);
  expect(order.score.forget).toEqual([Int32Array.of(0, 4)]);
  expect(order.stream).toEqual(Int32Array.of(4, 2));
  expect(() => order.steps(1, 'retain')).toThrow('The batch order has 1 epochs; epoch 2 is missing.');
  expect(() => order.steps(0, 'mixed')).toThrow('Epoch 1 of the batch order has no "mixed" batches.');
  const alone = parseOrder({ epochs: [{ retain: [[1]], forget: [] }] }, 5);
  expect(() => alone.steps(0, 'retain', 'forget')).toThrow(
    'Epoch 1 of the batch order has no "forget" batches.',
  );
  expect(alone.steps(0, 'forget')).toEqual([]);
  expect(() => parseOrder({ stream: [5] }, 5)).toThrow(
    'The batch order names image 5, but there are only 5.',
  );
  expect(() => parseOrder({ epochs: [{ retain: [[-1]] }] }, 5)).toThrow(LetheError);
});

test('schedule: the rate falls along a cosine to its floor', () => {
  const recipe = { epochs: 4, lr: 0.1, floor: 0.01, batch: 1, momentum: 0, weightDecay: 0 };
  const rates = [0, 1, 2, 3, 4].map((epoch) => cosineRate(recipe, epoch));
  expect(rates[0]).toBe(0.1);
  expect(rates[2]).toBeCloseTo(0.0505, 12);
  expect(rates[4]).toBeCloseTo(0.001, 12);
  expect(cosineRate({ ...recipe, floor: 1 }, 3)).toBe(0.1);
});

test('evaluation batches: hold every example once, in order, in at most two shapes', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 1, max: 64 }), (length, size) => {
      const indices = Int32Array.from({ length }, (_, i) => 7 * i);
      const batches = evaluationBatches(indices, size);
      expect(batches.flatMap((batch) => [...batch.indices.subarray(0, batch.count)])).toEqual([...indices]);
      const quarter = Math.ceil(size / 4);
      for (const batch of batches) expect([size, quarter]).toContain(batch.indices.length);
      const filled = batches.reduce((sum, batch) => sum + batch.indices.length - batch.count, 0);
      expect(filled).toBeLessThan(Math.max(1, quarter));
    }),
  );
});
