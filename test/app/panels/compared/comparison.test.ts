import { expect, test } from 'vitest';
import {
  agreement,
  comparisonOf,
  sampleText,
  setSizes,
  unknownModels,
} from '../../../../src/app/panels/compared/comparison';
import { applyEvent } from '../../../../src/app/state/apply-event';
import { answeredOf } from '../../../../src/app/state/compared-models';
import { viewOfResult, viewOfStart } from '../../../../src/app/state/view';
import type { StageRef } from '../../../../src/lab/plan/plan';
import { expandRuns } from '../../../../src/lab/study/expand';
import { answeredStudy } from '../../../support/answered-study';

const result = await answeredStudy();
const view = viewOfResult(result, 'opened');
const keys = (choice: Parameters<typeof comparisonOf>[1], run?: string) => {
  const comparison = comparisonOf(view, choice, run);
  return comparison && [comparison.a.key, comparison.b.key];
};

test('two models: the selected run against the oracle, unless others are chosen', () => {
  const [first, second] = result.runs.map(({ id }) => id.replace(/-s0$/, ''));
  expect(keys({})).toEqual([first, 'oracle']);
  expect(keys({}, result.runs[1]!.id)).toEqual([second, 'oracle']);
  expect(keys({ a: 'oracle', b: 'original' }, result.runs[1]!.id)).toEqual(['oracle', 'original']);
  expect(keys({ a: 'no such model', seed: 7 })).toEqual([first, 'oracle']);
  expect(unknownModels(view, { a: 'no such model', b: 'oracle' })).toEqual(['no such model']);
});

test('two models: agreement is the share of images of which both say the same class', () => {
  const comparison = comparisonOf(view, { a: 'original' }, undefined)!;
  // The oracle is right on every second image, the original on all.
  expect(agreement(comparison, 'forget')).toBe(50);
  expect(agreement(comparison, 'retain')).toBe(100);
  expect(setSizes(comparison)).toEqual({ forget: 200, retain: 1800, test: 2000 });
  expect(sampleText('retain', 1000, 1800)).toBe('1,000 of 1,800 retained images');
});

test('two models: none where a result tells no answers', () => {
  const silent = viewOfResult(
    {
      ...result,
      originals: result.originals.map(({ answers: _, ...model }) => model),
      oracles: result.oracles.map(({ answers: _, ...model }) => model),
      runs: result.runs.map(({ answers: _, ...run }) => run),
      detail: { ...result.detail, answered: undefined },
    },
    'opened',
  );
  expect(comparisonOf(silent, {}, undefined)).toBeUndefined();
});

test('answered images of a running study are those that its result will name', () => {
  const start = viewOfStart(result.study, expandRuns(result.study));
  const ref: StageRef = { key: 'k', stage: 'evaluate', seed: 0, runs: [], study: '' };
  const told = [
    { type: 'forget-set', ref, indices: result.detail.forget } as const,
    { type: 'metrics', ref, of: 'original', ...result.original } as const,
  ].reduce(applyEvent, start);
  expect(answeredOf(start)).toBeUndefined();
  expect(answeredOf(told)).toEqual(result.detail.answered);
});
