import fc from 'fast-check';
import { expect, test } from 'vitest';
import { forgetRules } from '../../../src/lab/forget';
import { estimateMemorization, subsetMembers } from '../../../src/lab/forget/memorization';
import { randomStream } from '../../../src/lab/rng';
import { defaultSettings } from '../../../src/lab/settings';

const sizes = fc.record({
  count: fc.integer({ min: 2, max: 120 }),
  share: fc.double({ min: 0.05, max: 0.95, noNaN: true }),
  seed: fc.nat(),
});

test('subset members: have the wanted size, and a round of them has every example in and out', () => {
  fc.assert(
    fc.property(sizes, ({ count, share, seed }) => {
      const held = Math.min(count - 1, Math.max(1, Math.round((1 - share) * count)));
      const round = Math.ceil(count / Math.min(held, count - held));
      for (const first of [0, round]) {
        const within = new Array<number>(count).fill(0);
        for (let model = first; model < first + round; model++) {
          const members = subsetMembers(count, share, seed, model);
          expect(members.filter((member) => member === 1)).toHaveLength(count - held);
          expect(subsetMembers(count, share, seed, model)).toEqual(members);
          members.forEach((member, i) => {
            within[i]! += member;
          });
        }
        expect(Math.min(...within)).toBeGreaterThan(0);
        expect(Math.max(...within)).toBeLessThan(round);
      }
    }),
  );
  expect(subsetMembers(100, 0.7, 0, 0)).not.toEqual(subsetMembers(100, 0.7, 1, 0));
  // With the published share a round has four models.
  const four = [0, 1, 2, 3].map((model) => subsetMembers(2000, 0.7, 0, model));
  const times = four[0]!.map((_, i) => four.reduce((sum, members) => sum + members[i]!, 0));
  expect([...new Set(times)].sort()).toEqual([2, 3]);
});

test('memorization: is the difference of two shares; an example that was never in or never out is unknown, not NaN', () => {
  const model = (members: number[], correct: number[]) => ({
    members: Uint8Array.from(members),
    correct: Uint8Array.from(correct),
  });
  const { scores, errors } = estimateMemorization([
    model([1, 1, 1, 0], [1, 1, 1, 1]),
    model([1, 1, 1, 0], [1, 0, 1, 0]),
    model([0, 0, 1, 0], [0, 1, 0, 1]),
  ]);
  expect([...scores]).toEqual([1, -0.5, 0, 0]);
  // Right 2 of 2 within and 0 of 1 without. With one right and one wrong answer added: 3/4 of 4 and 1/3 of 3.
  expect(errors[0]).toBeCloseTo(Math.sqrt((0.75 * 0.25) / 4 + ((1 / 3) * (2 / 3)) / 3), 6);
  expect([...errors.subarray(2)]).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
});

test('memorization: the standard error shrinks with the root of the number of models', () => {
  const random = randomStream(0, 'coins');
  const outcomes = Array.from({ length: 400 }, () => ({
    members: Uint8Array.of(Number(random.uniform() < 0.7)),
    correct: Uint8Array.of(Number(random.uniform() < 0.5)),
  }));
  const few = estimateMemorization(outcomes.slice(0, 100)).errors[0]!;
  const { scores, errors } = estimateMemorization(outcomes);
  expect(few / errors[0]!).toBeCloseTo(2, 0);
  // Membership and correctness are drawn independently here.
  expect(Math.abs(scores[0]!)).toBeLessThan(3 * errors[0]!);
});

test('memorized: takes the wanted end of the ranking, equal scores at random, and no example of unknown score', () => {
  const rule = forgetRules.get('memorized');
  const scores = Float32Array.from({ length: 40 }, (_, i) => (i % 10) / 10);
  const errors = new Float32Array(40).fill(0.2);
  const choose = (end: string, share = 0.1, seed = 0) =>
    rule.choose(
      {
        labels: new Int32Array(40),
        classes: ['a'],
        random: randomStream(seed, 'forget'),
        memorization: { scores, errors },
      },
      { ...defaultSettings(rule.settings), share, end },
    ).indices;
  const chosen = (end: string) => [...choose(end)].map((i) => i % 10);
  expect(chosen('highest')).toEqual([9, 9, 9, 9]);
  expect(chosen('lowest')).toEqual([0, 0, 0, 0]);
  expect(chosen('middle')).toEqual([5, 5, 5, 5]);
  const draws = [0, 1, 2, 3, 4, 5].map((seed) => choose('highest', 0.05, seed).join());
  expect(new Set(draws).size).toBeGreaterThan(1);
  errors[9] = Number.POSITIVE_INFINITY;
  expect(choose('highest')).not.toContain(9);
  errors.fill(Number.POSITIVE_INFINITY, 0, 38);
  expect(() => choose('highest')).toThrow('Only 2 of 40 examples');
});
