import { expect, test } from 'vitest';
import { openComparison } from '../../../src/lab/compare/open-comparison';
import { probe } from '../../../src/lab/compare/probe';
import { compared } from '../../support/compared';

/** Model a holds the class in every layer; b in `stem` only, and answers with noise behind it. */
const request = () => {
  const labels = { train: [0, 1, 2, 0, 1, 2, 0, 1, 2], test: [0, 1, 2] };
  return compared({
    labels,
    forget: [0, 1, 2],
    retain: [3, 4, 6, 7],
    classes: 3,
    means: (side, split, index, layer, width) => {
      const label = labels[split][index]!;
      const knows = side === 'a' || layer === 'stem';
      return Array.from({ length: width }, (_, k) => (knows ? label * 10 : 0) + 0.1 * k);
    },
  });
};

test('probe: a layer that holds the class is told from one that does not; a class without retained images is never named', async () => {
  const outcome = await openComparison(request()).compare(probe, { sample: 100 });
  expect(outcome.images).toEqual({ forget: 3, retain: 4, test: 3 });
  const [stem, ...later] = outcome.layers;
  // No image of class 2 was retained, so two of three can be right.
  for (const accuracies of [stem!.a, stem!.b, ...later.map(({ a }) => a)]) {
    expect(accuracies.forget).toBeCloseTo(200 / 3, 10);
    expect(accuracies.test).toBeCloseTo(200 / 3, 10);
  }
  // Equal activations are all taken for the first class.
  for (const { b } of later) expect(b.forget).toBeCloseTo(100 / 3, 10);
  expect(JSON.parse(JSON.stringify(probe.tell(outcome)))).toEqual(probe.tell(outcome));
});

test('probe: says how many images no class mean can name, and nothing where all can be', async () => {
  const outcome = await openComparison(request()).compare(probe, { sample: 100 });
  expect(probe.say(outcome)).toMatch(
    /B’s, stem\. 1 of them, of a class without retained images, counts as wrong: no class mean can name it\.$/,
  );
  expect(Object.keys(probe.tell(outcome).probe!)).toEqual(['images', 'layers']);
  const all = { ...request(), retain: Int32Array.of(3, 4, 5) };
  expect(probe.say(await openComparison(all).compare(probe, { sample: 100 }))).toMatch(/B’s, stem\.$/);
});

test('probe: needs retained images', async () => {
  const none = { ...request(), retain: new Int32Array() };
  await expect(openComparison(none).compare(probe, { sample: 100 })).rejects.toThrow(
    'probe needs retain images, of which there are none.',
  );
});
