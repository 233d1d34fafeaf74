import { expect, test } from 'vitest';
import { keptReadings } from '../../../../src/app/panels/compared/kept';
import { keptMeans } from '../../../../src/app/panels/model-classes/matrix';
import { keptNearest, toldSetOf } from '../../../../src/app/panels/model-images/nearest';
import { keptProbabilities, probableClasses } from '../../../../src/app/panels/model-images/probabilities';
import type { ComparedModel } from '../../../../src/app/state/compared-models';
import type { View } from '../../../../src/app/state/view';
import { packShares } from '../../../../src/lab/compare/compact';
import { neighbours, packNumbers } from '../../../../src/lab/compare/neighbours';
import { predictions } from '../../../../src/lab/compare/predictions';

const oracle: ComparedModel = { key: 'oracle', label: 'oracle', role: 'oracle', outcome: {} as never };
const original: ComparedModel = {
  key: 'original',
  label: 'original',
  role: 'original',
  outcome: {} as never,
};
const run: ComparedModel = { key: 'DEL', label: 'DEL', role: 'run', outcome: { id: 'r1' } as never };
const answered = { forget: [7, 8, 9], retain: [3], test: [], followed: [] };
const compared = { a: run, b: oracle, oracle, models: [oracle, original, run], answered };

const viewOf = (comparison: string, found: Record<string, unknown>) => ({
  view: {
    comparisons: Object.entries(found).map(([model, each]) => ({
      comparison,
      seed: 0,
      model,
      settings: {},
      found: each,
    })),
    state: 'done',
  } as unknown as View,
  seed: 0,
});
const indices = { forget: [7, 9], retain: [3], test: [] };

/** Two images to forget and a retained one of two classes; the first has `share` of class 0. */
const said = (share: number, more: object = {}) => ({
  classes: 2,
  means: { forget: [[share, 1 - share], null], retain: [null, null], test: [null, null] },
  probabilities: { forget: packShares([share, 1 - share, 0.5, 0.5]), retain: packShares([1, 0]), test: '' },
  ...more,
});
const predictionsOf = (found: Record<string, unknown>) =>
  keptReadings(predictions, viewOf('predictions', found));

test('class probabilities: every model that has them, A and B first, with what belongs to the image', () => {
  const readings = predictionsOf({ oracle: said(0.2, { indices }), original: said(1), r1: said(0.6) });
  const told = keptProbabilities(readings, compared, 'forget', 7);
  if ('absence' in told) throw new Error(told.absence);
  expect(told.map(({ model, letter }) => [model.label, letter])).toEqual([
    ['DEL', 'A'],
    ['oracle', 'B'],
    ['original', undefined],
  ]);
  expect(told.map(({ probabilities }) => [...probabilities].map((share) => share.toFixed(2)))).toEqual([
    ['0.60', '0.40'],
    ['0.20', '0.80'],
    ['1.00', '0.00'],
  ]);
});

test('class probabilities: images outside of the sample, results without, and damage are said', () => {
  const own = said(0.2, { indices });
  const of = (found: Record<string, unknown>, index = 7) =>
    keptProbabilities(predictionsOf(found), compared, 'forget', index);
  expect(of({ oracle: own, r1: said(0.6) }, 8)).toEqual({
    absence:
      'The probabilities of all classes are kept of 2 of 3 images to forget only, and this one is none of them: the table above has what is known.',
  });
  expect(of({})).toMatchObject({ absence: expect.stringContaining('does not hold it (predictions)') });
  const short = { ...said(0.6), probabilities: { ...said(0.6).probabilities, forget: packShares([1]) } };
  // A model whose share of the file is damaged is left out; the others stay.
  expect(of({ oracle: own, r1: short })).toMatchObject([{ model: oracle }]);
  expect(of({ oracle: { ...short, indices }, r1: short })).toMatchObject({
    absence: expect.stringContaining('of DEL (predictions) is damaged'),
  });
});

test('class probabilities: with many classes the label and the most probable ones are drawn', () => {
  const told = [0, 1].map((at) => ({
    model: run,
    probabilities: Float64Array.from({ length: 30 }, (_, k) => (k === 20 + at ? 0.9 : 0.001)),
  }));
  expect(probableClasses(told, 5, 3)).toEqual([5, 20, 21]);
  expect(probableClasses(told, 20, 40).length).toBe(30);
});

test('mean probabilities: of both models, and in a sentence where rows do not fit the classes', () => {
  const of = (found: Record<string, unknown>) => keptMeans(predictionsOf(found), compared, 'forget', 2);
  const means = of({ oracle: said(0.2, { indices }), r1: said(0.6) });
  if ('absence' in means) throw new Error(means.absence);
  expect([means.a.at(0, 0), means.b.at(0, 1), means.a.at(1, 0)]).toEqual([0.6, 0.8, undefined]);
  const short = { ...said(0.6), means: { ...said(0.6).means, forget: [[0.6], null] } };
  expect(of({ oracle: said(0.2, { indices }), r1: short })).toMatchObject({
    absence: expect.stringContaining('of DEL (predictions) is damaged'),
  });
});

test('nearest images: those of A and B, without the ones that features of no numbers have', () => {
  const near = (numbers: number[], more: object = {}) => ({
    count: 2,
    nearest: {
      forget: packNumbers(Int32Array.from(numbers)),
      retain: packNumbers(new Int32Array(2)),
      test: '',
    },
    ...more,
  });
  const of = (found: Record<string, unknown>, index = 9) =>
    keptNearest(keptReadings(neighbours, viewOf('neighbours', found)), compared, 'forget', index);
  const own = near([9, 3, 7, 3], { indices, pool: { forget: 3, retain: 1 } });
  expect(of({ oracle: own, r1: near([9, 3, 5, -1]) })).toEqual({
    a: [5],
    b: [7, 3],
    pool: { forget: 3, retain: 1 },
  });
  expect(of({ oracle: own, r1: near([9, 3]) })).toMatchObject({
    absence: expect.stringContaining('of DEL (nearest images) is damaged'),
  });
  expect(of({ oracle: own, r1: near([9, 3, 5, -1]) }, 8)).toMatchObject({
    absence: expect.stringContaining('2 of 3 images to forget only'),
  });
  expect([3, 8, 5].map((index) => toldSetOf(answered, index))).toEqual(['retain', 'forget', undefined]);
});
