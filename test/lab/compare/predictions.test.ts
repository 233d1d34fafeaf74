import { expect, test } from 'vitest';
import { abortError } from '../../../src/lab/abort';
import { openComparison } from '../../../src/lab/compare/open-comparison';
import { predictions } from '../../../src/lab/compare/predictions';
import { defaultSettings } from '../../../src/lab/settings';
import { compared } from '../../support/compared';

const [LOG1, LOG3] = [0, Math.log(3)];

/** Two classes: a is right about everything with 3:1, b says class 1 of everything with 3:1. */
const request = () =>
  compared({
    labels: { train: [0, 1, 0, 1, 0], test: [1, 1] },
    forget: [0, 2],
    retain: [1, 3, 4],
    classes: 2,
    logits: (side, split, index) => {
      const label = side === 'b' || split === 'test' ? 1 : [0, 1, 0, 1, 0][index]!;
      return label === 0 ? [LOG3, LOG1] : [LOG1, LOG3];
    },
  });

test('predictions: agreement, changes, means by class and total variation of two known models', async () => {
  const settings = defaultSettings(predictions.settings);
  const outcome = await openComparison(request()).compare(predictions, settings);
  const { forget, retain, test: unseen } = outcome;
  expect([forget.agreement, unseen.agreement]).toEqual([0, 100]);
  expect(retain.agreement).toBeCloseTo(200 / 3, 12);
  expect([forget.rightToWrong, forget.wrongToRight, retain.rightToWrong]).toEqual([2, 0, 1]);
  expect(forget.a.meanProbabilities[0]!.map((p) => Math.round(100 * p))).toEqual([75, 25]);
  expect(forget.a.meanProbabilities[1]).toBeNull();
  expect(retain.b.predictedShares).toEqual([
    [0, 100],
    [0, 100],
  ]);
  expect(Array.from(forget.totalVariation, (value) => value.toFixed(6))).toEqual(['0.500000', '0.500000']);
  const told = predictions.tell(outcome);
  expect(told.sets).toEqual({ forget: 2, retain: 3, test: 2 });
  expect(JSON.parse(JSON.stringify(told))).toEqual(told);
  expect(predictions.say(outcome)).toBe(
    'A and B predict the same class for 0.0 % of all 2 forget images, 66.7 % of all 3 retained images and 100.0 % of all 2 test images.',
  );
});

test('comparisons: cancelling ends them where they are', async () => {
  const asked = request();
  const reason = abortError();
  asked.control = () => ({ tick: () => Promise.reject(reason) });
  await expect(openComparison(asked).compare(predictions, { sample: 10 })).rejects.toBe(reason);
  expect(asked.asked).toEqual(['load a', 'outputs train']);
});

test('predictions: a large set is sampled once, the forget set never, and both sizes are told', async () => {
  const asked = request();
  const open = openComparison(asked);
  const outcome = await open.compare(predictions, { sample: 1 });
  expect(predictions.tell(outcome)).toMatchObject({
    sets: { forget: 2, retain: 1, test: 1 },
    setSizes: { forget: 2, retain: 3, test: 2 },
  });
  const before = asked.asked.filter((what) => what.startsWith('outputs')).length;
  const again = await open.compare(predictions, { sample: 1 });
  expect(again.retain.indices).toEqual(outcome.retain.indices);
  expect(asked.asked.filter((what) => what.startsWith('outputs')).length).toBe(before);
});

test('predictions: a network whose outputs are no numbers is refused in a sentence', async () => {
  const broken = { ...request() };
  broken.model.outputs = async (_, indices) => new Float32Array(2 * indices.length).fill(Number.NaN);
  await expect(openComparison(broken).compare(predictions, { sample: 10 })).rejects.toThrow(
    /not finite: its training diverged/,
  );
});
