import fc from 'fast-check';
import { expect, test } from 'vitest';
import { forgetRules } from '../../../src/lab/forget';
import type { ForgetSet } from '../../../src/lab/forget/forget-rule';
import { randomStream } from '../../../src/lab/rng';
import { defaultSettings, LetheError, type Settings } from '../../../src/lab/settings';

const names = Array.from({ length: 10 }, (_, label) => `class ${label}`);
const balanced = Int32Array.from({ length: 2000 }, (_, index) => (index * 7) % 10);

function chooseSet(rule: string, settings: Settings = {}, labels = balanced, seed = 0): ForgetSet {
  const entry = forgetRules.get(rule);
  const context = { labels, classes: names, random: randomStream(seed, 'forget') };
  return entry.choose(context, { ...defaultSettings(entry.settings), ...settings });
}

const choose = (...given: Parameters<typeof chooseSet>): Int32Array => chooseSet(...given).indices;

test('forget rules: give ascending, distinct, valid indices, the same for the same seed, or throw one sentence', () => {
  const settings = fc.record({
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    classes: fc.array(fc.nat(11), { maxLength: 4 }),
    indices: fc.array(fc.nat(60), { maxLength: 60 }),
  });
  const labels = fc.array(fc.nat(9), { minLength: 1, maxLength: 50 }).map((list) => Int32Array.from(list));
  fc.assert(
    fc.property(
      fc.constantFrom(...forgetRules.entries.map((rule) => rule.id)),
      settings,
      labels,
      fc.nat(),
      (rule, given, set, seed) => {
        let chosen: Int32Array;
        try {
          chosen = choose(rule, given, set, seed);
        } catch (error) {
          expect(error).toBeInstanceOf(LetheError);
          expect((error as Error).message).toMatch(/^[A-Z].*\.$/);
          return;
        }
        expect([...chosen]).toEqual([...new Set(chosen)].sort((a, b) => a - b));
        expect(chosen.length).toBeGreaterThan(0);
        expect(chosen.length).toBeLessThan(set.length);
        expect(chosen.every((index) => index >= 0 && index < set.length)).toBe(true);
        expect(choose(rule, given, set, seed)).toEqual(chosen);
      },
    ),
    { numRuns: 400 },
  );
});

test('forget rules: have the published sizes: 10 % of all, as many from two classes in equal parts, or a whole class', () => {
  const counts = (set: Int32Array) => {
    const perClass = new Array<number>(10).fill(0);
    for (const index of set) perClass[balanced[index]!]!++;
    return perClass;
  };
  expect(choose('iid').length).toBe(200);
  expect(Math.max(...counts(choose('iid')))).toBeLessThan(40);
  expect(choose('iid', {}, balanced, 1)).not.toEqual(choose('iid'));
  expect(counts(choose('non-iid'))).toEqual([0, 0, 100, 0, 0, 0, 100, 0, 0, 0]);
  expect(counts(choose('non-iid', { classes: [1, 4, 9], share: 0.1 }))).toEqual([
    0, 67, 0, 0, 67, 0, 0, 0, 0, 66,
  ]);
  expect(counts(choose('class', { classes: [3] }))).toEqual([0, 0, 0, 200, 0, 0, 0, 0, 0, 0]);
  expect(choose('class', { classes: [3], share: 0.25 }).length).toBe(50);
  expect([...choose('manual', { indices: [7, 3, 7] })]).toEqual([3, 7]);
});

test('forget rules: refuse settings that cannot be met in one sentence', () => {
  expect(() => choose('iid', { share: 0 })).toThrow('empty');
  expect(() => choose('iid', { share: 1 })).toThrow('all 2000');
  expect(() => choose('non-iid', { share: 0.5 })).toThrow('Class 2 (class 2) has 200 training examples');
  expect(() => choose('class', { classes: [12] })).toThrow('There is no class 12');
  expect(() => choose('class', { classes: [1] }, new Int32Array(5))).toThrow(
    'Class 1 (class 1) has no examples',
  );
  expect(() => choose('class', { classes: [0] }, new Int32Array(5))).toThrow('all 5');
  expect(() => choose('manual', { indices: [2000] })).toThrow('numbered 0 to 1999');
});

test('mislabelled: gives every chosen example another class, all classes equally often, and leaves the others alone', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(9), { minLength: 2, maxLength: 80 }),
      fc.double({ min: 0.1, max: 0.9, noNaN: true }),
      fc.nat(),
      (list, share, seed) => {
        const labels = Int32Array.from(list);
        fc.pre(Math.round(share * list.length) > 0 && Math.round(share * list.length) < list.length);
        const { indices, planted } = chooseSet('mislabelled', { share }, labels, seed);
        expect(indices).toHaveLength(Math.round(share * list.length));
        expect(planted).toHaveLength(indices.length);
        indices.forEach((index, i) => {
          expect(planted![i]).not.toBe(labels[index]);
          expect(names[planted![i]!]).toBeDefined();
        });
        expect(chooseSet('mislabelled', { share }, labels, seed)).toEqual({ indices, planted });
      },
    ),
  );
  const sixes = new Int32Array(20_000).fill(6);
  const { planted } = chooseSet('mislabelled', { share: 0.9 }, sixes);
  const counts = new Array<number>(10).fill(0);
  for (const label of planted!) counts[label]!++;
  expect(counts[6]).toBe(0);
  // 2,000 of each are expected, with a standard deviation of 42.
  for (const [label, drawn] of counts.entries())
    if (label !== 6) expect(Math.abs(drawn - 2000)).toBeLessThan(210);
  for (const rule of ['iid', 'non-iid', 'class']) expect(chooseSet(rule).planted).toBeUndefined();
});
