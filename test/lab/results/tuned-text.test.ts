import { expect, test } from 'vitest';
import { groupRuns } from '../../../src/lab/results/run-groups';
import { candidatesText, tunedText } from '../../../src/lab/results/tuned-text';
import { expandRuns } from '../../../src/lab/study/expand';
import type { CandidateOutcome, Tuned } from '../../../src/lab/study/result';

const tuned: Tuned = {
  runs: ['del-finetune-a0.1-s0'],
  by: 'gap',
  seed: 1000,
  winner: 2,
  candidates: [
    { id: 'c1', localize: { cut: 'exact' }, unlearn: { lr: 0.1, epochs: 5 }, failure: 'It diverged.' },
    { id: 'c2', localize: { cut: 'exact' }, unlearn: { lr: 0.01, epochs: 5 }, gap: 4.5 },
    { id: 'c3', localize: { cut: 'exact' }, unlearn: { lr: 0.03, epochs: 5 }, gap: 1.234 },
  ],
};

test('tunedText: names candidates by what they differ in, with the number that decided', () => {
  expect(tunedText(tuned)).toBe(
    'lr 0.03, the best of 3 candidates on seed 1000 by the gap to the oracle in points: lr 0.1: diverged; lr 0.01: 4.50; lr 0.03: 1.23.',
  );
  const { winner: _, ...none } = tuned;
  expect(tunedText({ ...none, by: 'gap-without-mia', candidates: tuned.candidates.slice(0, 1) })).toBe(
    'none of 1 candidate on seed 1000 by the gap to the oracle without MIA in points: diverged.',
  );
  expect(tunedText({ ...tuned, winner: 0, candidates: tuned.candidates.slice(1, 2) })).toBe(
    'the only one of 1 candidate on seed 1000 by the gap to the oracle in points: 4.50.',
  );
});

test('candidatesText: says whether runs were tuned alike', () => {
  const run = (id: string, candidates?: number) => ({
    id,
    label: id,
    strategy: 'del',
    method: 'finetune',
    alpha: 0.1,
    ...(candidates && { tuned: { candidates } }),
  });
  expect(candidatesText([run('a-s0'), run('b-s0')], [])).toBeUndefined();
  expect(candidatesText([run('a-s0', 3), run('a-s1', 3), run('b-s0', 3)], [])).toBe(
    'All runs were tuned over 3 candidates each.',
  );
  expect(candidatesText([run('a-s0', 3), run('b-s0', 2), run('c-s0')], [])).toBe(
    'The runs did not get the same number of candidates, which favours those with more: a-s0, α 0.1: 3; b-s0, α 0.1: 2; c-s0, α 0.1: not tuned.',
  );
  // Runs that failed do not say what they were tuned over.
  const two = { runs: ['b-s0', 'b-s1'], candidates: [{}, {}] as CandidateOutcome[] };
  const failed = [run('a-s0'), run('a-s1', 2), run('b-s0'), run('b-s1')];
  expect(candidatesText(failed, [two])).toBe('All runs were tuned over 2 candidates each.');
});

test('groupRuns: runs of a sweep over settings are groups by the value, and lines along alpha', () => {
  const runs = expandRuns({
    runs: [
      { strategy: 'del', method: 'finetune', alpha: [0.1, 0.3], seed: [0, 1], unlearn: { lr: [0.01, 0.03] } },
    ],
  });
  expect(groupRuns(runs).map(({ key, line, label, runs: own }) => [key, line, label, own.length])).toEqual(
    [
      ['0.1', '0.01'],
      ['0.1', '0.03'],
      ['0.3', '0.01'],
      ['0.3', '0.03'],
    ].map(([alpha, lr]) => [
      `del-finetune-a${alpha}-lr${lr}`,
      `del-finetune-lr${lr}`,
      `DEL · Finetune · lr ${lr}`,
      2,
    ]),
  );
});
