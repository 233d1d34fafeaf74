import { expect, test } from 'vitest';
import { openComparison } from '../../../src/lab/compare/open-comparison';
import { relearning } from '../../../src/lab/compare/relearning';
import type { TrainRequest } from '../../../src/lab/train/trainer';
import { compared } from '../../support/compared';

const settings = { steps: 3, lr: 0.1, batch: 2, share: 1, sample: 100 };

/** Two models that learn one more forget image with every step; b begins with one image known. */
function request() {
  const seen: Record<'a' | 'b', number[][]> = { a: [], b: [] };
  const steps = { a: 0, b: 0 };
  const pieces: (number | undefined)[] = [];
  const told = compared({
    labels: { train: [1, 1, 1, 1, 1], test: [] },
    forget: [0, 1, 2, 3, 4],
    retain: [],
    classes: 2,
    logits: (side, _, index) => [0, index < steps[side] + (side === 'b' ? 1 : 0) ? 1 : -1],
    train: async (side, { steps: batches, recipe, microBatch, onEpoch }: TrainRequest) => {
      pieces.push(microBatch);
      await onEpoch!({ epoch: 0 });
      for (let epoch = 0; epoch < recipe.epochs; epoch++) {
        seen[side].push(...batches(epoch).map(({ forget }) => [...forget!]));
        steps[side]++;
        await onEpoch!({ epoch: epoch + 1, loss: 0 });
      }
      return { losses: [], rates: [], examples: 0 };
    },
  });
  return { told, seen, pieces };
}

test('relearning: accuracies before and after each step, the same batches for both, and the mean lead', async () => {
  const { told, seen } = request();
  const outcome = await openComparison(told).compare(relearning, settings);
  expect(outcome.a).toEqual([0, 20, 40, 60]);
  expect(outcome.b).toEqual([20, 40, 60, 80]);
  expect(outcome.headStart).toBeCloseTo(20, 12);
  expect(seen.a).toEqual(seen.b);
  // Five images make two batches of two a round; the fifth is dropped.
  expect(seen.a.map((batch) => batch.length)).toEqual([2, 2, 2]);
  expect(new Set(seen.a.slice(0, 2).flat()).size).toBe(4);
});

test('relearning: a share is trained on, and all are measured; the copy is forgotten afterwards', async () => {
  const { told, seen } = request();
  const outcome = await openComparison(told).compare(relearning, { ...settings, share: 0.4 });
  expect(outcome).toMatchObject({ trained: 2, measured: 5 });
  expect(new Set(seen.a.flat()).size).toBe(2);
  expect(told.asked.filter((what) => what.startsWith('load'))).toEqual(['load a', 'load b']);
});

test('relearning: computes as many images at once as it is told', async () => {
  for (const microBatch of [undefined, 1]) {
    const { told, pieces } = request();
    await openComparison({ ...told, microBatch }).compare(relearning, settings);
    expect(pieces).toEqual([microBatch, microBatch]);
  }
});
