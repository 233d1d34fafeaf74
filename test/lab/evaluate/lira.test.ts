import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attackStrength, liraAttack, shadowMembers, thinCurve } from '../../../src/lab/evaluate/lira';
import { randomStream } from '../../../src/lab/rng';
import type { AttackCurve } from '../../../src/lab/study/result';

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
  return liraAttack({
    shadows: Array.from({ length: shadows }, (_, shadow) => {
      const members = shadowMembers(count, 0, shadow);
      return { members, phi: phi(count, lead, members, shadow) };
    }),
    unlearned: phi(count, lead, all, 1000),
    oracle: phi(count, lead, new Uint8Array(count), 1001),
  });
}

test('U-LiRA: finds examples that unlearning left behind, and is at chance where it left none', () => {
  const left = attack(1000, 6).metrics;
  expect(left.liraAuc).toBeGreaterThan(99);
  expect(left.liraAccuracy).toBeGreaterThan(98);
  expect(left.liraTpr1).toBeGreaterThan(90);
  const clean = attack(1000, 0).metrics;
  // Three standard errors of an AUC of 1,000 against 1,000.
  expect(Math.abs(clean.liraAuc! - 50)).toBeLessThan(4);
  expect(clean.liraTpr1).toBeLessThan(6);
  expect(clean.liraShadows).toBe(32);
});

test('U-LiRA: leaves out rates that so few examples cannot show', () => {
  expect(attack(1000, 1).metrics).toHaveProperty('liraTpr01');
  expect(attack(999, 1).metrics).not.toHaveProperty('liraTpr01');
  expect(attack(99, 1).metrics).not.toHaveProperty('liraTpr1');
});

/** The largest share of members among thresholds that take at most so many others. */
const highestAt = ({ falsePositives, truePositives }: AttackCurve, most: number) =>
  truePositives.findLast((_, i) => falsePositives[i]! <= most)! / truePositives.at(-1)!;

test('U-LiRA: a short curve is whole, and its area and rates are those that are told', () => {
  const { metrics, curve } = attack(90, 1);
  const { falsePositives: others, truePositives: own } = curve;
  const area = own.reduce(
    (sum, count, i) => (i === 0 ? 0 : sum + ((others[i]! - others[i - 1]!) * (count + own[i - 1]!)) / 2),
    0,
  );
  expect((100 * area) / 90 ** 2).toBeCloseTo(metrics.liraAuc!, 10);
  expect([others[0], own[0], others.at(-1), own.at(-1)]).toEqual([0, 0, 90, 90]);
});

test('U-LiRA: a long curve is thinned to 200 points that keep its ends and the told rates', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1000, max: 20_000 }), fc.nat(99), (count, seed) => {
      const noise = randomStream(seed, 'scores');
      const member = Uint8Array.from({ length: 2 * count }, (_, i) => Number(i < count));
      const scores = Float64Array.from(member, (one) => one + noise.normal());
      const { curve, tprAtFpr } = attackStrength(scores, member);
      const thin = thinCurve(curve);
      expect(thin.falsePositives.length).toBeLessThanOrEqual(200);
      expect([thin.falsePositives[0], thin.truePositives[0]]).toEqual([0, 0]);
      expect([thin.falsePositives.at(-1), thin.truePositives.at(-1)]).toEqual([count, count]);
      for (const rate of [0.01, 0.001]) expect(highestAt(thin, count * rate)).toBeCloseTo(tprAtFpr(rate), 12);
      // Each is a point of the curve itself.
      const points = new Set(curve.falsePositives.map((others, i) => `${others} ${curve.truePositives[i]}`));
      expect(thin.falsePositives.every((others, i) => points.has(`${others} ${thin.truePositives[i]}`))).toBe(
        true,
      );
    }),
    { numRuns: 10 },
  );
});
