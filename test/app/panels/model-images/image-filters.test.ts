import { expect, test } from 'vitest';
import {
  byDifference,
  type ComparedImage,
  isInCell,
} from '../../../../src/app/panels/compared/compared-images';
import { followedModel } from '../../../../src/app/panels/model-images/followed';
import { IMAGE_FILTERS } from '../../../../src/app/panels/model-images/image-filters';
import { packAnswers } from '../../../../src/lab/study/answers';
import { encodeBytes } from '../../../../src/lab/study/floats';

const said = (says: number, confidence = 0.5) => ({ says, confidence });
/** Of label 1. */
const image = (a: number, b: number, original = 1, oracle = b): ComparedImage => ({
  index: 0,
  label: 1,
  a: said(a),
  b: said(b),
  original: said(original),
  oracle: said(oracle),
});
const keptBy = (of: ComparedImage, subject: 'a' | 'b' = 'a') =>
  IMAGE_FILTERS.filter(({ keeps }) => keeps(of, subject)).map(({ id }) => id);

test('image filters: each keeps what its sentence says', () => {
  expect(keptBy(image(1, 2))).toEqual(['all', 'remembered', 'disagrees', 'lost']);
  expect(keptBy(image(2, 1))).toEqual(['all', 'forgotten', 'disagrees', 'gained']);
  expect(keptBy(image(1, 1))).toEqual(['all']);
  // Wrong in the same way, and never known to the original: nothing was forgotten.
  expect(keptBy(image(2, 2, 3))).toEqual(['all']);
  expect(keptBy(image(2, 2))).toEqual(['all', 'forgotten']);
});

test('image filters: with the oracle as A, B is the model that is judged', () => {
  expect(keptBy({ ...image(2, 1, 1, 2) }, 'b')).toEqual(['all', 'remembered', 'disagrees', 'gained']);
});

test('image filters: without an oracle nothing is said to be remembered or to differ from it', () => {
  const { oracle: _, ...alone } = image(1, 2);
  expect(keptBy(alone)).toEqual(['all', 'lost']);
});

test('images are ordered by the difference of the confidences, equal ones by whether they say the same', () => {
  const at = (index: number, a: number, b: number, says = 1) => ({
    ...image(1, says),
    index,
    a: said(1, a),
    b: said(says, b),
  });
  const images = [at(0, 0.5, 0.5), at(1, 0.1, 0.9), at(2, 0.5, 0.5, 3), at(3, 0.7, 0.5)];
  expect(byDifference(images).map(({ index }) => index)).toEqual([1, 3, 2, 0]);
});

test('a field of the difference holds the images that exactly one model puts there', () => {
  const cell = { of: 'difference', label: 1, says: 2 } as const;
  expect(isInCell(image(2, 2), cell)).toBe(false);
  expect(isInCell(image(2, 1), cell)).toBe(true);
  expect(isInCell(image(1, 2), cell)).toBe(true);
  expect(isInCell(image(1, 2), { ...cell, of: 'a' })).toBe(false);
  expect(isInCell({ ...image(2, 1), label: 2 }, cell)).toBe(false);
});

test('a followed image: the course of a run, and where the oracle ended as a level', () => {
  const answersAt = (confidence: number) =>
    encodeBytes(
      packAnswers({ predicted: Uint16Array.of(0, 0), confidence: Float32Array.of(0, confidence) }, 10),
    );
  const model = (role: 'run' | 'oracle', confidences: number[]) => ({
    key: role,
    label: role,
    role,
    outcome: {
      seed: 0,
      series: {
        sizes: { forget: 2, retain: 0, test: 0 },
        points: confidences.map((confidence, epoch) => ({
          epoch,
          forget: 0,
          retain: 0,
          test: 0,
          answers: answersAt(confidence),
        })),
      },
    },
  });
  const answered = { forget: [3, 8], retain: [], test: [], followed: [3, 8] };
  const [run, oracle] = [model('run', [1, 0.2]), model('oracle', [0, 0.4, 0.6])];
  const last = { a: 0.2, b: 0.6 };
  const { model: drawn } = followedModel({ a: run, b: oracle, answered }, 8, last) as { model: unknown };
  expect(drawn).toMatchObject({
    curves: [{ id: 'A', points: [{ epoch: 0, value: 100 }, { epoch: 1 }] }],
    level: { name: 'B', value: 60 },
    epochs: 1,
  });
  // Two trainings from nothing, or two runs, share their epochs.
  expect(followedModel({ a: run, b: run, answered }, 8, last)).toMatchObject({
    model: { curves: [{ id: 'A' }, { id: 'B' }] },
  });
  expect(followedModel({ a: run, b: oracle, answered }, 5, last).problem).toMatch(/^Only 2 images/);
  // A run at work grows beside another run; its epochs are not those of trainings from nothing.
  const running = model('run', [1]);
  expect(followedModel({ a: run, b: oracle, answered }, 8, last, running)).toMatchObject({
    model: {
      curves: [{ id: 'A' }, { id: 'running', points: [{ epoch: 0, value: 100 }] }],
      level: { name: 'B' },
    },
  });
  expect(followedModel({ a: oracle, b: oracle, answered }, 8, last, running)).toMatchObject({
    model: { curves: [{ id: 'running' }], level: { name: 'A', value: 20 } },
  });
  // Nothing is drawn of it before its first answers.
  expect(followedModel({ a: run, b: oracle, answered }, 8, last, model('run', []))).toEqual(
    followedModel({ a: run, b: oracle, answered }, 8, last),
  );
});
