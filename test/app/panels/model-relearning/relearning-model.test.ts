import { expect, it } from 'vitest';
import {
  relearningModel,
  relearningSentence,
  type SideRelearning,
} from '../../../../src/app/panels/model-relearning/relearning-model';
import type { ComparedModel } from '../../../../src/app/state/compared-models';

const found = (...accuracies: number[]) => ({ trained: 20, measured: 1200, accuracies });
const run: ComparedModel = { key: 'del', label: 'DEL', role: 'run', strategy: 'del', outcome: { seed: 0 } };
const oracle: ComparedModel = { key: 'oracle', label: 'oracle', role: 'oracle', outcome: { seed: 0 } };
const a: SideRelearning = { letter: 'A', model: run, found: found(50, 60, 80) };

it('the oracle is drawn beside two models that are others, and once where it is one of them', () => {
  const b: SideRelearning = { letter: 'B', model: oracle, found: found(40, 50, 60) };
  expect(relearningModel([a, b], b.found).curves.map(({ id }) => id)).toEqual(['A', 'B']);
  const { curves, epochs, domain } = relearningModel([a], found(40, 50));
  expect(curves.map(({ id, color }) => [id, color])[1]).toEqual(['oracle', 'var(--oracle)']);
  expect(epochs).toBe(2);
  expect(domain[0]).toBeLessThan(40);
  expect(domain[1]).toBeGreaterThan(80);
});

it('the sentence gives the mean lead over the steps that both were trained for', () => {
  expect(relearningSentence([a], found(40, 50, 60))).toBe(
    'A, DEL, is 15.0 points ahead of the oracle on average over 2 steps, measured on 1,200 forget images.',
  );
  expect(relearningSentence([a], found(40, 70.5))).toContain(
    'is 10.5 points behind the oracle on average over the one step',
  );
  expect(relearningSentence([a], found(0, 60, 80.04))).toContain('is as accurate as the oracle on average');
});

it('without a step there is nothing to be ahead of', () => {
  expect(relearningSentence([a], found(40))).toBe('No step of DEL can be set beside one of the oracle’s.');
  expect(relearningSentence([{ ...a, model: oracle }], found(40, 50))).toBeUndefined();
  expect(relearningModel([], found()).curves).toEqual([]);
});
