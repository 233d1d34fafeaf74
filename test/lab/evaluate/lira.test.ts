import fc from 'fast-check';
import { expect, test } from 'vitest';
import { liraMetrics, shadowMembers } from '../../../src/lab/evaluate/lira';
import { randomStream } from '../../../src/lab/rng';

test('shadow members: any even number of shadow models has each example in and out equally often', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 30 }),
      fc.nat(5),
      fc.integer({ min: 1, max: 6 }),
      (count, seed, pairs) => {
        const models = Array.from({ length: 2 * pairs }, (_, shadow) => shadowMembers(count, seed, shadow));
        for (let i = 0; i < count; i++)
          expect(models.reduce((sum, members) => sum + members[i]!, 0)).toBe(pairs);
        for (const members of models)
          expect(Math.abs(2 * members.reduce((sum, bit) => sum + bit, 0) - count)).toBeLessThanOrEqual(1);
      },
    ),
  );
});

/** Phi of `count` examples, each with a difficulty of its own, under a model that holds back `lead` for members. */
function phi(count: number, lead: number, members: ArrayLike<number>, model: number) {
  const noise = randomStream(1, 'noise', model);
  return Float64Array.from(
    { length: count },
    (_, i) => 5 * Math.sin(i) + lead * members[i]! + noise.normal(),
  );
}

function attack(count: number, lead: number, shadows = 32) {
  const all = new Uint8Array(count).fill(1);
  return liraMetrics({
    shadows: Array.from({ length: shadows }, (_, shadow) => {
      const members = shadowMembers(count, 0, shadow);
      return { members, phi: phi(count, lead, members, shadow) };
    }),
    unlearned: phi(count, lead, all, 1000),
    oracle: phi(count, lead, new Uint8Array(count), 1001),
  });
}

test('U-LiRA: finds examples that unlearning left behind, and is at chance where it left none', () => {
  const left = attack(1000, 6);
  expect(left.liraAuc).toBeGreaterThan(99);
  expect(left.liraAccuracy).toBeGreaterThan(98);
  expect(left.liraTpr1).toBeGreaterThan(90);
  const clean = attack(1000, 0);
  // Three standard errors of an AUC of 1,000 against 1,000.
  expect(Math.abs(clean.liraAuc! - 50)).toBeLessThan(4);
  expect(clean.liraTpr1).toBeLessThan(6);
  expect(clean.liraShadows).toBe(32);
});

test('U-LiRA: leaves out rates that so few examples cannot show', () => {
  expect(attack(1000, 1)).toHaveProperty('liraTpr01');
  expect(attack(999, 1)).not.toHaveProperty('liraTpr01');
  expect(attack(99, 1)).not.toHaveProperty('liraTpr1');
});
