import fc from 'fast-check';
import { expect, test } from 'vitest';
import { limitOf, sizeFor } from '../../bench/sitting/plan-time';
import { steps } from '../../bench/sitting/steps';

const anySteps = fc.array(
  fc.record({ share: fc.integer({ min: 1, max: 200 }), least: fc.integer({ min: 1, max: 60 }) }),
  { minLength: 1, maxLength: 12 },
);

/** Walks through a sitting. @param used the part of its limit that each step takes, 0 to 1 */
function walk(all: readonly { share: number; least: number }[], seconds: number, used: number) {
  let left = seconds;
  const limits = all.map((_, i) => {
    const limit = limitOf(all.slice(i), left);
    left -= used * (limit ?? 0);
    return limit;
  });
  return { limits, left };
}

test('time of a sitting: no step is given less than it needs, or more than is left, and all are over in time', () => {
  fc.assert(
    fc.property(anySteps, fc.double({ min: 0, max: 2000, noNaN: true }), (all, seconds) => {
      const { limits, left } = walk(all, seconds, 1);
      limits.forEach((limit, i) => {
        if (limit !== undefined) expect(limit).toBeGreaterThanOrEqual(all[i]!.least);
      });
      expect(left).toBeGreaterThanOrEqual(-1e-6);
    }),
  );
});

test('time of a sitting: what ends early leaves its time to those that follow', () => {
  fc.assert(
    fc.property(anySteps, fc.integer({ min: 100, max: 2000 }), (all, seconds) => {
      const [slow, fast] = [walk(all, seconds, 1), walk(all, seconds, 0)];
      fast.limits.forEach((limit, i) => {
        if (slow.limits[i] !== undefined) expect(limit).toBeGreaterThanOrEqual(slow.limits[i]! - 1e-6);
      });
    }),
  );
});

test('time of a sitting: in ten minutes every step is begun, though each takes all that it may', () => {
  expect(walk(steps, 600, 1).limits).not.toContain(undefined);
});

test('time of a sitting: in three minutes the first steps have what they need', () => {
  const { limits } = walk(steps, 180, 1);
  expect(limits.slice(0, 3)).not.toContain(undefined);
});

test('size of a study: images first, more epochs once all are used, nothing below 512', () => {
  expect(sizeFor(60, 100, 10_000)).toBeUndefined();
  const small = sizeFor(150, 1000, 10_000)!;
  expect(small).toMatchObject({ epochs: 10, unlearnEpochs: 6 });
  expect(small.train % 128).toBe(0);
  expect(sizeFor(300, 1000, 10_000)!.train).toBeGreaterThan(small.train);
  const large = sizeFor(1500, 1000, 10_000)!;
  expect(large.train).toBe(10_000);
  expect(large.epochs).toBeGreaterThan(10);
  expect(sizeFor(1e6, 1e6, 10_000)).toEqual({ train: 10_000, epochs: 30, unlearnEpochs: 18 });
});
