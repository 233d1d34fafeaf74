import { expect, test } from 'vitest';
import type { Side } from '../../../../src/app/panels/compared/comparison';
import {
  attackedSides,
  highestAt,
  liraAbsence,
  liraSentence,
  liraTable,
  rocPoints,
} from '../../../../src/app/panels/model-attack/lira-model';
import type { ComparedModel } from '../../../../src/app/state/compared-models';
import { viewOfResult } from '../../../../src/app/state/view';
import { liraAttack, shadowMembers } from '../../../../src/lab/evaluate/lira';
import { randomStream } from '../../../../src/lab/rng';
import { fixtureStudy } from '../../../support/fixture-study';

const IMAGES = 1000;

/** A run whose model is surer, by `lead`, of what it had seen. */
function attacked(lead: number, shadows = 8): Side {
  const phi = (model: number, members: ArrayLike<number>) => {
    const noise = randomStream(3, 'noise', model);
    return Float64Array.from({ length: IMAGES }, (_, i) => lead * members[i]! + noise.normal());
  };
  const { metrics, curve } = liraAttack({
    shadows: Array.from({ length: shadows }, (_, model) => {
      const members = shadowMembers(IMAGES, 0, model);
      return { members, phi: phi(model, members) };
    }),
    unlearned: phi(100, new Uint8Array(IMAGES).fill(1)),
    oracle: phi(101, new Uint8Array(IMAGES)),
  });
  const outcome = { ...fixtureStudy().runs[0]!, metrics, liraCurve: curve };
  return { letter: 'A', model: { key: 'del', label: 'DEL', role: 'run', strategy: 'del', outcome } };
}

test('the ROC of U-LiRA: its table and its points say the rates that the metrics say', () => {
  const [side] = attackedSides([attacked(1)]);
  const { liraTpr1, liraTpr01 } = side!.model.outcome.metrics!;
  expect([highestAt(side!, 1), highestAt(side!, 0.1)]).toEqual([liraTpr1, liraTpr01]);
  const rows = liraTable([side!]).rows;
  expect(rows.find(([rate]) => rate === '1.0')![1]).toBe(liraTpr1!.toFixed(1));
  expect(rows.at(-1)).toEqual(['100.0', '100.0']);
  const [plain, log] = [rocPoints(side!, false), rocPoints(side!, true)];
  expect(plain[0]).toEqual({ x: 0, y: 0 });
  // One image of 1,000 is where log scales begin; everything above stands where it stood.
  expect(log[0]).toEqual({ x: 0.1, y: 0.1 });
  expect(log.filter(({ x, y }) => x > 0.1 && y > 0.1)).toEqual(
    plain.filter(({ x, y }) => x > 0.1 && y > 0.1),
  );
});

test('U-LiRA is said to recognise images only where its area is more than chance, and never by few shadow models', () => {
  const sentence = (lead: number, shadows?: number) =>
    liraSentence(attackedSides([attacked(lead, shadows)])[0]!);
  expect(sentence(2)).toBe(
    'A, DEL: with 8 shadow models on 1,000 images to forget, U-LiRA still recognises images to forget, by its AUC.',
  );
  expect(sentence(0)).toMatch(/cannot be told from guessing/);
  expect(sentence(2, 2)).toBe('A, DEL: 2 shadow models say nothing; the attack needs at least 4.');
});

test('without a curve the tab says why, and how to compute it', () => {
  const side = attacked(1);
  const { liraCurve: _, ...without } = side.model.outcome;
  const result = fixtureStudy();
  const plain = viewOfResult(result, 'opened');
  const lira = { shadows: 8 };
  const view = { ...plain, study: { ...plain.study, lira } };
  const old: Side = { ...side, model: { ...side.model, outcome: without } };
  const never: Side = { ...side, model: { ...side.model, outcome: result.runs[0]! } };
  const oracle: ComparedModel = { key: 'oracle', label: 'oracle', role: 'oracle', outcome: result.oracle };
  expect(liraAbsence(side, { view })).toBeUndefined();
  expect(liraAbsence({ letter: 'B', model: oracle }, { view: plain })).toBeUndefined();
  expect(liraAbsence(never, { view: plain })).toMatch(/^U-LiRA was not run in this study: switch on/);
  expect(liraAbsence(old, { view })).toMatch(/but not its curve.*run the study here/);
  expect(liraAbsence(never, { view: { ...view, state: 'running' } })).toMatch(/not been attacked/);
});
