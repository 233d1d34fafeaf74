import fc from 'fast-check';
import { expect, test } from 'vitest';
import { computeMetrics, measureModel } from '../../../src/lab/evaluate';
import { features } from '../../../src/lab/evaluate/features';
import { svcAttack } from '../../../src/lab/evaluate/membership';
import type { Outputs } from '../../../src/lab/evaluate/metric';
import { trainSvc } from '../../../src/lab/evaluate/svc';
import { undecidedModels, undecidedText } from '../../../src/lab/results/undecided';
import { randomStream } from '../../../src/lab/rng';
import { referenceSvc } from '../../support/reference-svc';

const SVC = { C: 3, gamma: 1 };

/** Two classes; the label's softmax probability is `confidence`, as near as float32 logits tell. */
function sure(confidences: number[]): Outputs {
  return {
    logits: Float32Array.from(confidences.flatMap((p) => [p >= 1 ? 200 : Math.log(p / (1 - p)), 0])),
    labels: new Int32Array(confidences.length),
    classes: 2,
  };
}

test('attacks: networks that say the same of every image decide nothing, and all count as members', () => {
  const same = (value: number, count: number) => sure(Array(count).fill(value));
  for (const value of [0.5, 1 / 3, 0.999, 1, 1e-20])
    for (const [forget, retain, testing] of [
      [12, 48, 30],
      [1, 1, 1],
      [200, 3000, 500],
      [7, 20, 20],
    ] as const) {
      const context = {
        forget: same(value, forget),
        retain: same(value, retain),
        test: same(value, testing),
      };
      expect(measureModel(context)).toMatchObject({
        metrics: { mia: 0, miaEntropy: 0 },
        undecided: { mia: forget, miaEntropy: forget },
      });
      expect(computeMetrics(context).mia).toBe(0);
    }
});

test('attacks: as many members as non-members are learned from, so that the larger set is no answer', () => {
  const random = randomStream(3, 'overlap');
  const overlapping = (count: number, least: number) =>
    sure(Array.from({ length: count }, () => least + 0.4 * random.uniform()));
  const [forget, retain, testing] = [overlapping(60, 0.5), overlapping(200, 0.55), overlapping(240, 0.5)];
  const first = (count: number, { logits, labels, classes }: Outputs): Outputs => ({
    logits: logits.subarray(0, count * classes),
    labels: labels.subarray(0, count),
    classes,
  });
  for (const feature of ['confidence', 'entropy'] as const)
    expect(svcAttack({ forget, retain, test: testing }, feature)).toEqual(
      svcAttack({ forget, retain, test: first(200, testing) }, feature),
    );
  // Of answers that say nothing only the sizes could tell anything.
  const same = (count: number) => sure(Array(count).fill(0.5));
  expect(svcAttack({ forget: same(12), retain: same(10), test: same(30) }, 'confidence')).toEqual({
    score: 0,
    undecided: 12,
  });
});

test('attacks: a network that gives one class only, or answers that differ by float32 rounding, decides nothing', () => {
  const collapsed = (count: number) =>
    sure(Array.from({ length: count }, (_, i) => (i % 3 === 0 ? 1 : 1e-22)));
  expect(
    measureModel({ forget: collapsed(12), retain: collapsed(60), test: collapsed(30) }).undecided,
  ).toMatchObject({ mia: 12 });
  const rounded = fc.integer({ min: -3, max: 3 }).map((steps) => 1 / 3 + steps * 2 ** -25);
  const many = fc.array(rounded, { minLength: 30, maxLength: 30 });
  fc.assert(
    fc.property(many, many, many, (forget, retain, testing) => {
      const context = { forget: sure(forget), retain: sure(retain), test: sure(testing) };
      expect(svcAttack(context, 'confidence')).toEqual({ score: 0, undecided: 30 });
    }),
  );
});

/** Confidences around a value: all equal, a few levels, tiny or wide spreads, saturated. */
const confidences = (count: number) =>
  fc
    .record({
      base: fc.constantFrom(0.2, 1 / 3, 0.9),
      spread: fc.constantFrom(0, 1e-7, 1e-6, 1e-4, 1e-2, 0.1),
    })
    .chain(({ base, spread }) =>
      fc.array(
        fc.oneof(
          fc.double({ min: 0, max: 1, noNaN: true }).map((share) => base + spread * (share - 0.5)),
          fc.constantFrom(base, base + spread / 2),
        ),
        { minLength: count, maxLength: count },
      ),
    );

test('SVC: decides as a reference in float64 does, but where that is within rounding of 0', () => {
  const data = fc.integer({ min: 2, max: 24 }).chain((n) => fc.tuple(confidences(n), confidences(n)));
  fc.assert(
    fc.property(data, confidences(12), ([inside, outside], targets) => {
      const x = [...inside, ...outside].map((p) => Math.fround(p));
      const members = x.map((_, i) => i < inside.length);
      const svc = trainSvc({ data: Float64Array.from(x), dimensions: 1 }, members, SVC);
      const reference = referenceSvc(x, members, { ...SVC, tolerance: 1e-10 });
      const points = { data: Float64Array.from(targets), dimensions: 1 };
      const [decisions, rounding] = [svc.decide(points), svc.rounding(points)];
      targets.forEach((target, i) => {
        const exact = reference.decide(target);
        if (Math.abs(exact) > 2 * rounding[i]!) expect(Math.sign(decisions[i]!)).toBe(Math.sign(exact));
        else expect(Math.abs(decisions[i]!)).toBeLessThanOrEqual(3 * rounding[i]!);
      });
    }),
    { numRuns: 200 },
  );
});

test('SVC: a confidence one float32 step away from an equal mass is not yet decided on, a percent away it is', () => {
  const x = [...Array(30).fill(0.5), ...Array(30).fill(0.5)];
  const members = x.map((_, i) => i < 30);
  const svc = trainSvc({ data: Float64Array.from(x), dimensions: 1 }, members, SVC);
  const step = { data: Float64Array.of(0.5, 0.5 + 2 ** -24), dimensions: 1 };
  for (const bound of svc.rounding(step)) expect(bound).toBeCloseTo(3 * 60 * 1e-12, 20);
  for (const value of svc.decide(step)) expect(Math.abs(value)).toBeLessThan(1e-12);
  const moved = [...Array(30).fill(0.51), ...Array(30).fill(0.5)];
  const apart = trainSvc({ data: Float64Array.from(moved), dimensions: 1 }, members, SVC);
  const beside = { data: Float64Array.of(0.49, 0.52), dimensions: 1 };
  const [low, high] = apart.decide(beside);
  const bound = Math.max(...apart.rounding(beside));
  expect(bound).toBeLessThan(1e-6);
  expect(low).toBeLessThan(-bound);
  expect(high).toBeGreaterThan(bound);
});

test('undecided images are named with their metric, their number and the model', () => {
  expect(undecidedText({ mia: 3 }, 12)).toBe(
    'cannot decide on some forget images, which count as members (MIA: 3 of 12)',
  );
  const seed = 0;
  expect(
    undecidedModels(
      {
        originals: [{ seed }],
        oracles: [{ seed, undecided: { mia: 1, miaEntropy: 12 } }],
        runs: [{ seed, id: 'del-x', label: 'DEL', undecided: { mia: 2 } }],
      },
      12,
    ),
  ).toEqual([
    'Of the oracle, seed 0 the attacks cannot decide on some forget images, which count as members (MIA: 1 of 12, MIA (entropy): 12 of 12).',
    'Of del-x (DEL) the attacks cannot decide on some forget images, which count as members (MIA: 2 of 12).',
  ]);
});

/** Outputs as trained networks give them: sure of most, wrong of some. */
function trained(count: number, seed: number, lead: number): Outputs {
  const random = randomStream(seed, 'trained');
  const labels = Int32Array.from({ length: count }, () => random.below(10));
  const logits = Float32Array.from({ length: count * 10 }, (_, i) => {
    const isLabel = i % 10 === labels[Math.floor(i / 10)];
    return (isLabel ? lead : 0) + 2 * random.normal();
  });
  return { logits, labels, classes: 10 };
}

test('attacks: of trained networks every decision stands as it did before ties were counted', () => {
  for (const [seed, lead] of [5, 6, 7, 8].entries()) {
    const context = {
      forget: trained(1000, seed, lead),
      retain: trained(4000, seed + 10, lead + 2),
      test: trained(2000, seed + 20, lead),
    };
    for (const feature of ['confidence', 'entropy'] as const) {
      const column = (set: Outputs) => features(set)[feature];
      const inside = column(context.retain).subarray(0, 2000);
      const data = Float64Array.from([...inside, ...column(context.test)]);
      const svc = trainSvc(
        { data, dimensions: 1 },
        Array.from(data, (_, i) => i < 2000),
        SVC,
      );
      const decisions = svc.decide({ data: column(context.forget), dimensions: 1 });
      expect(svcAttack(context, feature)).toEqual({
        score: (100 * decisions.filter((value) => value <= 0).length) / 1000,
        undecided: 0,
      });
    }
  }
});
