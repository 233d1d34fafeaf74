import fc from 'fast-check';
import { expect, test } from 'vitest';
import { computeMetrics, deltas, distances, gap, metrics, tugOfWar } from '../../../src/lab/evaluate';
import { classAccuracies } from '../../../src/lab/evaluate/accuracy';
import { solveBoxQp } from '../../../src/lab/evaluate/box-qp';
import { features } from '../../../src/lab/evaluate/features';
import { factoriseKernel } from '../../../src/lab/evaluate/kernel';
import type { MetricContext, Outputs } from '../../../src/lab/evaluate/metric';
import { trainSvc } from '../../../src/lab/evaluate/svc';
import { randomStream } from '../../../src/lab/rng';
import { LetheError } from '../../../src/lab/settings';

/** Logits whose label stands out by `lead` plus noise: the higher, the surer and the more often right. */
function outputs(count: number, lead: number, seed: number, classes = 10): Outputs {
  const random = randomStream(seed, 'outputs');
  const labels = Int32Array.from({ length: count }, () => random.below(classes));
  const logits = Float32Array.from({ length: count * classes }, (_, i) => {
    const bonus = i % classes === labels[Math.floor(i / classes)] ? lead : 0;
    return bonus + 2 * random.normal();
  });
  return { logits, labels, classes };
}

test('SVC: meets its optimality conditions on any one-dimensional data', () => {
  // Few distinct values make duplicates; spread-out ones make several free support vectors.
  const feature = fc.oneof(fc.constantFrom(0, 0.5, 1), fc.double({ min: 0, max: 1, noNaN: true }));
  const data = fc.array(fc.tuple(feature, fc.boolean()), { minLength: 2, maxLength: 60 });
  fc.assert(
    fc.property(data, fc.constantFrom(0.1, 3, 50), (examples, C) => {
      fc.pre(examples.some(([, member]) => member) && examples.some(([, member]) => !member));
      const points = { data: Float64Array.from(examples, ([value]) => value), dimensions: 1 };
      const members = examples.map(([, member]) => member);
      const y = Float64Array.from(members, (member) => (member ? 1 : -1));
      const { columns } = factoriseKernel(points, 1, 1e-12);
      const signed = columns.map((column) => column.map((value, i) => value * y[i]!));
      const alpha = solveBoxQp({ columns: signed, y, upper: C });
      const { intercept, decide } = trainSvc(points, members, { C, gamma: 1 });
      const decisions = decide(points);
      expect(Math.abs(alpha.reduce((sum, value, i) => sum + value * y[i]!, 0))).toBeLessThan(1e-8);
      examples.forEach(([value], i) => {
        // The decision function as it is defined, from the exact kernel.
        const exact = examples.reduce(
          (sum, [other], j) => sum + alpha[j]! * y[j]! * Math.exp(-((value - other) ** 2)),
          intercept,
        );
        expect(Math.abs(decisions[i]! - exact)).toBeLessThan(1e-5);
        const margin = y[i]! * exact - 1;
        expect(alpha[i]).toBeGreaterThanOrEqual(0);
        expect(alpha[i]).toBeLessThanOrEqual(C);
        if (alpha[i]! > 1e-3 * C) expect(margin).toBeLessThan(1e-5);
        if (alpha[i]! < (1 - 1e-3) * C) expect(margin).toBeGreaterThan(-1e-5);
      });
    }),
    { numRuns: 300 },
  );
});

test('MIA: copes with 10,000 + 10,000 confidences that are nearly all 1', () => {
  const context = {
    forget: outputs(2000, 6, 0),
    retain: outputs(12_000, 9, 1),
    test: outputs(10_000, 6, 2),
  };
  const score = metrics.get('mia').compute(context);
  expect(score).toBeGreaterThan(10);
  expect(score).toBeLessThan(100);
});

test('attacks: find members of which the network is surer than of the rest', () => {
  const remembered = { forget: outputs(200, 12, 0), retain: outputs(1000, 12, 1), test: outputs(300, 4, 2) };
  const forgotten = { ...remembered, forget: outputs(200, 4, 3) };
  const before = computeMetrics(remembered);
  const after = computeMetrics(forgotten);
  const always = metrics.entries.filter(({ id }) => id !== 'trueLabelAccuracy');
  expect(Object.keys(before)).toEqual(always.map(({ id }) => id));
  expect(before.mia).toBeLessThan(20);
  expect(after.mia).toBeGreaterThan(60);
  expect(before.miaEntropy).toBeLessThan(after.miaEntropy! - 30);
  expect(before.lossAttack).toBeGreaterThan(75);
  expect(Math.abs(after.lossAttack! - 50)).toBeLessThan(12);
  expect(after.miaCorrectness).toBeCloseTo(100 - after.forgetAccuracy!, 10);
  expect(computeMetrics(remembered)).toEqual(before);
});

test('metrics: a constant classifier and tiny sets give numbers, not NaN', () => {
  const constant = (count: number): Outputs => ({
    logits: new Float32Array(count * 3),
    labels: Int32Array.from({ length: count }, (_, i) => i % 3),
    classes: 3,
  });
  for (const [forget, retain, testing] of [
    [1, 1, 1],
    [2, 9, 4],
    [3, 1, 7],
  ] as const) {
    const all: MetricContext = {
      forget: constant(forget),
      retain: constant(retain),
      test: constant(testing),
    };
    for (const value of Object.values(computeMetrics(all))) {
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(100);
    }
  }
  expect(classAccuracies({ ...constant(2), classes: 3 })).toEqual([100, 0, null]);
});

test('true-label accuracy: exists only where wrong labels were planted', () => {
  const forget = outputs(200, 8, 1);
  const plain = { forget, retain: outputs(300, 8, 2), test: outputs(300, 2, 3) };
  expect(computeMetrics(plain)).not.toHaveProperty('trueLabelAccuracy');
  // The network predicts the true class in spite of every planted label.
  const wrong = forget.labels.map((label) => (label + 1) % 10);
  const planted = { ...plain, forget: { ...forget, labels: wrong, trueLabels: forget.labels } };
  const { forgetAccuracy, trueLabelAccuracy } = computeMetrics(planted);
  expect(trueLabelAccuracy).toBe(computeMetrics(plain).forgetAccuracy);
  expect(trueLabelAccuracy! + forgetAccuracy!).toBeLessThanOrEqual(100);
  expect(trueLabelAccuracy).toBeGreaterThan(90);
});

test('features: phi of a label far ahead of all others, or far behind, is its lead over them', () => {
  const logits = Float32Array.of(2000, 0, 0, -1500, 0, 7);
  const { phi } = features({ logits, labels: Int32Array.of(0, 0), classes: 3 });
  expect(phi[0]).toBeCloseTo(2000 - Math.log(2), 9);
  expect(phi[1]).toBeCloseTo(-1500 - Math.log(1 + Math.exp(7)), 9);
});

test('metrics: outputs that are not finite are refused', () => {
  const broken = outputs(5, 1, 0);
  broken.logits[7] = Number.NaN;
  const good = outputs(20, 1, 1);
  expect(() => computeMetrics({ forget: broken, retain: good, test: good })).toThrow(LetheError);
});

test('deltas: have the published signs, gap and tug of war', () => {
  const oracle = { forgetAccuracy: 50, retainAccuracy: 99, testAccuracy: 83, mia: 40, miaCorrectness: 50 };
  const unlearned = { forgetAccuracy: 56, retainAccuracy: 94, testAccuracy: 82, mia: 43, miaCorrectness: 44 };
  const differences = deltas(oracle, unlearned);
  expect(differences).toEqual({ forgetAccuracy: -6, retainAccuracy: 5, testAccuracy: 1, mia: -3 });
  expect(gap(differences)).toBeCloseTo(10 / 3, 12);
  expect(tugOfWar(differences)).toBeCloseTo(0.94 * 0.95 * 0.99, 12);
  expect(gap(deltas(oracle, oracle))).toBe(0);
  expect(distances(differences)).toEqual({ gap: gap(differences), toW: tugOfWar(differences) });
  // Without test images neither gap nor tug of war is known.
  const { testAccuracy: _, ...rest } = differences;
  expect(distances(rest)).toEqual({});
});
