import { expect, test } from 'vitest';
import { cardsOf } from '../../../../src/app/panels/pipeline/cards';
import { registryLabels } from '../../../../src/app/panels/pipeline/labels';
import { applyEvent } from '../../../../src/app/state/apply-event';
import { viewOfStart } from '../../../../src/app/state/view';
import type { LabEvent } from '../../../../src/lab/lab-api';
import type { StageRef } from '../../../../src/lab/plan/plan';
import { getPreset } from '../../../../src/lab/study/presets';

const { study } = getPreset('quickstart');
const ref = (key: string): StageRef => ({ study: 'x', stage: 'unlearn', key, seed: 0, runs: [key] });
const stages = ['a', 'b', 'c'].map(ref);
const started: LabEvent = { type: 'study-started', study: 'x', stages, cached: ['a'] };
const spared = (key: string): LabEvent => ({ type: 'stage-spared', ref: ref(key) });
const cardAfter = (...events: LabEvent[]) => {
  const view = [started, ...events].reduce(applyEvent, viewOfStart(study, []));
  return cardsOf(study, view, new Set(), undefined, registryLabels).find(({ id }) => id === 'unlearn')!;
};

test('a step whose stages are done, or not needed any more, is done and says so', () => {
  expect(cardAfter()).toMatchObject({ state: 'waiting', aside: 'not yet' });
  expect(cardAfter(spared('b'))).toMatchObject({ state: 'waiting', aside: 'not yet' });
  expect(cardAfter(spared('b'), spared('c'))).toMatchObject({ state: 'done', aside: '✓, 2 not needed' });
  // One that is in the store stays done.
  expect(cardAfter(...['a', 'b', 'c'].map(spared))).toMatchObject({ aside: '✓, 2 not needed' });
});
