import { expect, test } from 'vitest';
import { cardsOf } from '../../../src/app/panels/pipeline/cards';
import { registryLabels } from '../../../src/app/panels/pipeline/labels';
import { progressText } from '../../../src/app/state/run-state';
import { type View, viewOfResult } from '../../../src/app/state/view';
import { chanceOf, chanceText } from '../../../src/lab/results/chance';
import { fixtureStudy } from '../../support/fixture-study';

const shown = viewOfResult(fixtureStudy(), 'recorded');

/** The shown study with this test accuracy of every original, on so many images of ten classes. */
function withAccuracy(testAccuracy: number, test: number): View {
  const data = { source: 'fashion-mnist-mini', train: 2000, test };
  const originals = shown.originals.map((model) => ({
    ...model,
    metrics: { ...model.metrics, testAccuracy },
  }));
  return { ...shown, study: { ...shown.study, data }, originals };
}

test('chanceOf: an original within two standard errors of 100 / K has learned nothing', () => {
  // √(0.1 · 0.9 / 2000) is 0.67 points.
  expect(chanceOf(withAccuracy(11.25, 2000))).toEqual({ accuracy: 11.25, expected: 10, classes: 10 });
  expect(chanceOf(withAccuracy(11.4, 2000))).toBeUndefined();
  expect(chanceOf(withAccuracy(15, 100))).toBeDefined();
  expect(chanceOf(withAccuracy(17, 100))).toBeUndefined();
  expect(chanceOf(withAccuracy(3, 2000))).toBeDefined();
  expect(chanceText(chanceOf(withAccuracy(11, 2000))!)).toMatch(
    /11\.0 % .* guessing among 10 classes 10\.0 %/,
  );
});

const lineOf = (id: string, view: View, stale = new Set<string>(), canRun = true) =>
  cardsOf(view.study, view, stale, view.runs[0]?.id, registryLabels, canRun).find((card) => card.id === id)!
    .line;

test('cards: an original at chance is said where its distances would look perfect', () => {
  expect(lineOf('compare', withAccuracy(11, 2000))).toBe('void: original at chance');
  expect(lineOf('train', withAccuracy(11, 2000))).toBe('test 11.0 % · at chance');
  expect(lineOf('compare', withAccuracy(80, 2000))).toMatch(/gap/);
});

test('cards: a model that is trained but not measured is not called untrained', () => {
  const unmeasured = <T extends View['oracles'][number]>(models: T[]) =>
    models.map((model) => ({ ...model, metrics: undefined }));
  const view = { ...shown, originals: unmeasured(shown.originals), oracles: unmeasured(shown.oracles) };
  expect(lineOf('forget', view)).toBe('oracle not measured yet');
  expect(lineOf('train', view)).toBe('not measured yet');
  const untrained = { ...view, oracles: [{ seed: 0 }], originals: [{ seed: 0 }] };
  expect(lineOf('forget', untrained)).toBe('oracle not trained yet');
  expect(lineOf('train', untrained)).toBe('not trained yet');
});

test('cards: without a device nothing is promised to run again', () => {
  const stale = new Set(['pretrain']);
  expect(lineOf('train', shown, stale)).toBe('edited: will run again');
  expect(lineOf('train', shown, stale, false)).toBe('edited: cannot be run here');
});

test('progressText: what is left stands before the speed, which may be cut off', () => {
  const progress = { done: 38, total: 100, etaSeconds: 80 };
  const view: View = { ...shown, origin: 'live', state: 'running', progress, imagesPerSecond: 9820 };
  expect(progressText(view)!.text).toBe('38 % · 80 s left · 9,820 images/s');
});
