import { expect, test } from 'vitest';
import { type OrderingsInput, orderings } from '../../../src/lab/evaluate/orderings';
import type { ModelOutcome, RunOutcome } from '../../../src/lab/study/result';
import { fixtureStudy } from '../../support/fixture-study';

const fixture = fixtureStudy();
const SEEDS = [0, 1, 2];

/** One strategy at one α: forget and test accuracy by seed; retain and MIA are the oracle's. */
type Told = [strategy: string, alpha: number, forget: number[], test: number[]];

/** Oracle: forget 50, test 80; original: forget 100, test 82. */
function result(rule: string, told: Told[], seeds = SEEDS): OrderingsInput {
  const model = (seed: number, forgetAccuracy: number, testAccuracy: number): ModelOutcome => ({
    ...fixture.oracle,
    seed,
    metrics: { forgetAccuracy, testAccuracy },
  });
  const run = ([strategy, alpha, forget, test]: Told, seed: number): RunOutcome => ({
    ...model(seed, forget[seed]!, test[seed]!),
    id: `${strategy}-reset-finetune-a${alpha}-s${seed}`,
    label: '',
    strategy,
    method: 'reset-finetune',
    alpha,
    deltas: { forgetAccuracy: 50 - forget[seed]!, mia: 0, testAccuracy: 80 - test[seed]! },
  });
  return {
    study: { ...fixture.study, forget: { rule, settings: {} } },
    originals: seeds.map((seed) => model(seed, 100, 82)),
    oracles: seeds.map((seed) => model(seed, 50, 80)),
    runs: told.flatMap((one) => seeds.map((seed) => run(one, seed))),
  };
}

const number = (input: OrderingsInput, wanted: number) =>
  orderings(input).find((ordering) => ordering.number === wanted);

const T80 = [80, 80, 80];
const DEL: Told = ['del', 0.3, [50, 50, 50], T80];

test('orderings: differences of gaps are paired by seed, with the Student-t interval', () => {
  // Gaps 3, 6, 9 of random and 0 of DEL: mean 6, standard deviation 3.
  const ordering = number(result('non-iid', [DEL, ['random', 0.3, [59, 68, 77], T80]]), 2)!;
  expect(ordering.comparisons[0]!.differences.map(({ value }) => value)).toEqual([3, 6, 9]);
  const { interval } = ordering.comparisons[0]!;
  expect(interval!.mean).toBeCloseTo(6, 12);
  expect(interval!.half).toBeCloseTo((4.302652729911275 * 3) / Math.sqrt(3), 9);
  expect(ordering.verdict).toBe('undecided');
});

test.each([
  ['held', [59, 59.3, 58.7], [50, 50, 50]],
  ['not held', [50, 50, 50], [59, 59.3, 58.7]],
])('orderings: an interval on one side of 0 decides: %s', (verdict, random, del) => {
  const input = result('non-iid', [
    ['del', 0.3, del, T80],
    ['random', 0.3, random, T80],
  ]);
  expect(number(input, 2)!.verdict).toBe(verdict);
  expect(number(result('non-iid', [], []), 2)!.verdict).toBe('undecided');
});

test('orderings: two seeds decide nothing, and a seed that lacks one of the two runs does not count', () => {
  const told: Told[] = [DEL, ['random', 0.3, [59, 59.3, 58.7], T80]];
  const two = number(result('non-iid', told, [0, 1]), 2)!;
  expect([two.verdict, two.comparisons[0]!.interval!.n]).toEqual(['undecided', 2]);
  const whole = result('non-iid', told);
  const broken = { ...whole, runs: whole.runs.filter(({ id }) => id !== 'random-reset-finetune-a0.3-s1') };
  expect(number(broken, 2)!.comparisons[0]!.differences.map(({ seed }) => seed)).toEqual([0, 2]);
});

test('ordering 1: DEL is the best of the 2×2 only when it beats all three', () => {
  const worse = [59, 59.3, 58.7];
  const told = (salloc: number[]): Told[] => [
    DEL,
    ['grad-channel', 0.3, worse, T80],
    ['weighted-grad-parameter', 0.3, worse, T80],
    ['salloc', 0.3, salloc, T80],
  ];
  expect(number(result('iid', told(worse)), 1)!.verdict).toBe('held');
  expect(number(result('iid', told([50, 53, 56])), 1)!.verdict).toBe('undecided');
  expect(number(result('iid', told(worse).slice(0, 3)), 1)!.verdict).toBe('undecided');
});

test('ordering 3: deepest layers are judged at their smallest α, by whether they are nearer to original or oracle', () => {
  const told = (deepest: number[]): Told[] => [
    ['deepest', 0.1, deepest, T80],
    ['deepest', 0.3, [51, 52, 53], [80, 80.5, 81]],
    ['shallowest', 0.3, [52, 53, 54], [75, 76, 77]],
  ];
  const held = number(result('non-iid', told([95, 96, 97])), 3)!;
  expect(held.comparisons.map(({ interval }) => interval!.mean)).toEqual([42, 44, 4.5, 4]);
  expect(held.verdict).toBe('held');
  expect(number(result('non-iid', told([55, 56, 57])), 3)!.verdict).toBe('not held');
});

test('ordering 4: the train-set mask is as good as DEL on an IID forget set, worse on a non-IID one', () => {
  const told = (forget: number[]): Told[] => [DEL, ['train-set', 0.3, forget, T80]];
  const close = [50, 50.3, 50.6];
  const far = [62, 62.3, 61.7];
  const verdict = (rule: string, forget: number[]) => number(result(rule, told(forget)), 4)?.verdict;
  expect(verdict('iid', close)).toBe('held');
  expect(verdict('iid', far)).toBe('not held');
  expect(verdict('iid', [50, 56, 62])).toBe('undecided');
  expect(verdict('non-iid', far)).toBe('held');
  expect(verdict('class', far)).toBeUndefined();
});

test('ordering 5: every other α of DEL is compared with the mean at 0.2 and 0.3', () => {
  const at = (alpha: number, off: number): Told => ['del', alpha, SEEDS.map((seed) => 50 + off + seed), T80];
  const input = result('non-iid', [at(0.1, 9), at(0.2, 3), at(0.3, 6), at(0.5, 12)]);
  const { comparisons, verdict } = number(input, 5)!;
  expect(comparisons.map(({ interval }) => interval!.mean)).toEqual(
    [1.5, 2.5].map((v) => expect.closeTo(v, 9)),
  );
  expect(verdict).toBe('held');
  expect(number(result('non-iid', [at(0.2, 3), at(0.3, 6)]), 5)).toMatchObject({
    comparisons: [],
    verdict: 'undecided',
  });
});
