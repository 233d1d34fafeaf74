import { expect, test } from 'vitest';
import { keptReadings } from '../../../../src/app/panels/compared/kept';
import {
  embeddedPoints,
  forgetAgainstRetain,
  keptSets,
} from '../../../../src/app/panels/model-embedding/embedded';
import { pickChange, pickedPoints } from '../../../../src/app/panels/model-embedding/picked';
import type { ComparedModel } from '../../../../src/app/state/compared-models';
import type { View } from '../../../../src/app/state/view';
import { packLevels } from '../../../../src/lab/compare/compact';
import { embedding } from '../../../../src/lab/compare/embedding';

const oracle: ComparedModel = { key: 'oracle', label: 'oracle', role: 'oracle', outcome: {} as never };
const run: ComparedModel = { key: 'DEL', label: 'DEL', role: 'run', outcome: { id: 'r1' } as never };

/** Two images to forget, one retained, no test image. */
const record = (model: string, forget: number[], more: object = {}) => ({
  comparison: 'embedding',
  seed: 0,
  model,
  settings: {},
  found: {
    points: { forget: packLevels(forget), retain: packLevels([1, 1]), test: packLevels([]) },
    ...more,
  },
});
const indices = { forget: [7, 8], retain: [3], test: [] };
const readingsOf = (...comparisons: ReturnType<typeof record>[]) =>
  keptReadings(embedding, { view: { comparisons, state: 'done' } as unknown as View, seed: 0 });
const setsOf = (...comparisons: ReturnType<typeof record>[]) =>
  keptSets(readingsOf(...comparisons), { a: run, b: oracle, oracle });

test('embedding: the kept places of A and B, image by image', () => {
  const sets = setsOf(
    record('oracle', [0, 0, 4, 4], { indices, shares: [0.5, 0.25] }),
    record('r1', [3, 4, 4, 4]),
  );
  if ('absence' in sets) throw new Error(sets.absence);
  expect(sets.shares).toEqual([0.5, 0.25]);
  const points = embeddedPoints(sets, () => undefined);
  // Those to forget are drawn last.
  expect(points.map(({ set, index }) => `${set} ${index}`)).toEqual(['retain 3', 'forget 7', 'forget 8']);
  expect(points[1]!.a[0]).toBeCloseTo(3, 3);
  expect(points[1]!.b).toEqual([0, 0]);
  expect(forgetAgainstRetain(points)).toBeUndefined();
  const moved = points.map((point) => (point.set === 'retain' ? { ...point, b: [1, 0] as const } : point));
  expect(forgetAgainstRetain(moved)).toBeCloseTo(2.5, 3);
});

test('embedding: what is missing, and what does not fit its images, is said in a sentence', () => {
  expect(setsOf()).toEqual({
    absence: 'This result does not hold it (embedding): run the study here, which adds what is missing.',
  });
  const own = record('oracle', [0, 0, 4, 4], { indices });
  expect(setsOf(own)).toMatchObject({ absence: expect.stringContaining('does not hold it') });
  const short = record('original', [3, 4]);
  const original = { key: 'original', label: 'original', role: 'original', outcome: {} as never } as const;
  const beside = keptSets(readingsOf(own, record('r1', [3, 4, 4, 4]), short), {
    a: run,
    b: original,
    oracle,
  });
  expect(beside).toMatchObject({ absence: expect.stringContaining('holds of original (embedding)') });
  expect(setsOf(own, record('r1', [3, 4]))).toEqual({
    absence: 'What the file holds of DEL (embedding) is damaged: run the study again here.',
  });
});

test('picked images limit those of their sets; the shown set changes only where it has none of them', () => {
  const points = ['retain 3', 'forget 7', 'forget 8'].map((name) => {
    const [set, index] = name.split(' ');
    return { set: set as 'retain' | 'forget', index: Number(index), a: [0, 0], b: [0, 0] } as const;
  });
  const change = pickChange(points, [0, 2], 'retain');
  expect(change).toEqual({ picked: { forget: [8], retain: [3], test: [] }, set: 'retain' });
  expect(pickedPoints(points, change.picked)).toEqual([true, false, true]);
  expect(pickChange(points, [0, 2], 'test').set).toBe('forget');
  expect(pickChange(points, [], 'test')).toEqual({ picked: undefined });
  expect(pickedPoints(points, undefined)).toBeUndefined();
});
