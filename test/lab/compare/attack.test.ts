import { expect, test } from 'vitest';
import { attack } from '../../../src/lab/compare/attack';
import { openComparison } from '../../../src/lab/compare/open-comparison';
import { rocOf } from '../../../src/lab/compare/roc';
import { mia } from '../../../src/lab/evaluate/membership';
import { compared } from '../../support/compared';

const FORGET = 10;
const COUNT = 40;

/** a is surer of what it was trained on, forget images 0 to 4 among it; b knows nothing. */
const confidence = (side: 'a' | 'b', split: 'train' | 'test', index: number) =>
  side === 'b' || split === 'test' || (index >= 5 && index < FORGET) ? 0.3 + 0.01 * (index % 7) : 0.97;

const request = () =>
  compared({
    labels: { train: new Array(COUNT).fill(0), test: new Array(20).fill(0) },
    forget: Array.from({ length: FORGET }, (_, i) => i),
    retain: Array.from({ length: COUNT - FORGET }, (_, i) => i + FORGET),
    classes: 2,
    logits: (side, split, index) => {
      const p = confidence(side, split, index);
      return [Math.log(p / (1 - p)), 0];
    },
  });

test('attack: recognises what a model is surer of; histograms, threshold and ROC count the same images', async () => {
  const told = request();
  const outcome = await openComparison(told).compare(attack, { threshold: 0.5 });
  const { a, b, images } = outcome;
  expect(images).toEqual({ members: 20, nonMembers: 20, forget: FORGET });
  expect([...a.recognised]).toEqual([0, 1, 2, 3, 4]);
  expect([...a.forgotten]).toEqual([5, 6, 7, 8, 9]);
  expect(a.above).toEqual({ members: 20, nonMembers: 0, forget: 5 });
  expect(a.histograms.forget[19]).toBe(5);
  expect(a.histograms.nonMembers.reduce((sum, count) => sum + count)).toBe(20);
  expect(a.roc.area).toBe(1);
  expect(b.above).toEqual({ members: 0, nonMembers: 0, forget: 0 });
  expect(a.decisions[95]).toBeGreaterThan(0);
  expect(a.decisions[30]).toBeLessThan(0);
  // The same share as the metric says.
  const outputs = async (split: 'train' | 'test', indices: Int32Array) => ({
    logits: await told.model.outputs(split, indices),
    labels: new Int32Array(indices.length),
    classes: 2,
  });
  await told.model.load(told.a);
  const test = await outputs(
    'test',
    Int32Array.from({ length: 20 }, (_, i) => i),
  );
  const context = {
    forget: await outputs('train', told.forget),
    retain: await outputs('train', told.retain),
    test,
  };
  expect((100 * a.forgotten.length) / FORGET).toBeCloseTo(mia.compute(context)!, 10);
});

test('ROC: the area is the chance of the right order, ties by halves, and long curves are thinned', () => {
  const of = (positives: number[], negatives: number[]) =>
    rocOf(Float64Array.from(positives), Float64Array.from(negatives));
  // Pairs in the right order: 3 > 1, 3 > 2, 2 > 1; equal: 2 = 2.
  expect(of([2, 3], [1, 2]).area).toBe(3.5 / 4);
  expect(of([1, 1], [1]).area).toBe(0.5);
  const long = of(
    Array.from({ length: 3000 }, (_, i) => Math.sin(i)),
    Array.from({ length: 3000 }, (_, i) => Math.cos(i * i)),
  );
  expect(long.falsePositives.length).toBe(201);
  expect([long.falsePositives[0], long.truePositives[0]]).toEqual([0, 0]);
  expect([long.falsePositives.at(-1), long.truePositives.at(-1)]).toEqual([1, 1]);
});
