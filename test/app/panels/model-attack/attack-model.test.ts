import fc from 'fast-check';
import { expect, test } from 'vitest';
import { confusionAt, histogramOf, rocCurves } from '../../../../src/app/panels/model-attack/attack-model';

/** As files hold them: steps of 1/255, so that many are equal. */
const confidences = fc
  .array(
    fc.nat(255).map((level) => level / 255),
    { minLength: 1, maxLength: 60 },
  )
  .map((values) => Float64Array.from(values));
const sets = fc.record({ members: confidences, neverSeen: confidences, forget: confidences });

test('the area under the ROC is how often a member has more confidence than an image that was never seen', () => {
  fc.assert(
    fc.property(sets, fc.nat(100), (told, threshold) => {
      const curves = rocCurves(told, confusionAt(told, threshold / 100));
      for (const { source, area } of curves) {
        let wins = 0;
        for (const own of told[source])
          for (const other of told.neverSeen) wins += own > other ? 1 : own === other ? 0.5 : 0;
        expect(area).toBeCloseTo(wins / (told[source].length * told.neverSeen.length), 10);
      }
    }),
  );
});

test('a threshold takes all at 0 and what is certain at 1, and is half right where sets are alike', () => {
  fc.assert(
    fc.property(sets, fc.nat(100), (told, threshold) => {
      const { taken, of } = confusionAt(told, 0);
      expect(taken).toEqual(of);
      expect(confusionAt(told, 1).taken.members).toBe(told.members.filter((value) => value === 1).length);
      const alike = { ...told, neverSeen: told.members };
      expect(confusionAt(alike, threshold / 100).accuracy).toBeCloseTo(50);
    }),
  );
});

test('the point of a threshold lies on its ROC curve', () => {
  const told = {
    members: Float64Array.of(0.2, 0.6, 0.9, 0.9),
    neverSeen: Float64Array.of(0.1, 0.6, 0.7),
    forget: Float64Array.of(0.1),
  };
  const [members] = rocCurves(told, confusionAt(told, 0.65));
  expect(members!.at).toEqual({ x: 100 / 3, y: 50 });
  const points = members!.falsePositives.map((x, i) => [x, members!.truePositives[i]]);
  expect(points).toContainEqual([1 / 3, 0.5]);
});

test('the histogram of a set makes 100 %, the last bin with what is certain', () => {
  const bins = histogramOf(Float64Array.of(0, 0.049, 0.05, 1));
  expect(bins.slice(0, 2)).toEqual([50, 25]);
  expect(bins.at(-1)).toBe(25);
  expect(histogramOf(new Float64Array())).toEqual(new Array(20).fill(0));
});
