import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Side } from '../../../../src/app/panels/compared/comparison';
import {
  collateralImages,
  collateralSentence,
  meanWindow,
  nearestPlace,
  runningMeans,
  sideCollateral,
} from '../../../../src/app/panels/model-collateral/collateral-model';
import { packLevels, packShares } from '../../../../src/lab/compare/compact';

const side: Side = {
  letter: 'A',
  model: { key: 'del', label: 'DEL', role: 'run', strategy: 'del', outcome: { seed: 0 } },
};

const oracle = (distance: number[]) => ({
  indices: distance.map((_, i) => 10 + i),
  of: 4500,
  distance: packLevels(distance),
});

describe('kept collateral', () => {
  it('images stand nearest first, and changes with them', () => {
    const images = collateralImages(oracle([3, 1, 2]))!;
    expect(images.indices).toEqual([11, 12, 10]);
    expect([...images.distance].map((value) => Math.round(value))).toEqual([1, 2, 3]);
    const { change } = sideCollateral(side, { totalVariation: packShares([0.2, 0.4, 1]) }, images)!;
    expect([...change]).toEqual([0.4, 1, 0.2]);
  });

  it.each([
    ['no images', { ...oracle([]) }],
    ['fewer distances than images', { ...oracle([1, 2]), indices: [1, 2, 3] }],
    ['no distances', { indices: [1, 2] }],
    ['nothing', undefined],
  ])('%s: nothing is drawn', (_, kept) => {
    expect(collateralImages(kept)).toBeUndefined();
  });

  it('a model whose changes do not fit the images is left out', () => {
    const images = collateralImages(oracle([1, 2]))!;
    expect(sideCollateral(side, { totalVariation: packShares([0.1]) }, images)).toBeUndefined();
    expect(sideCollateral(side, {}, images)).toBeUndefined();
  });
});

it('running means lie within the values, rise with them, and begin and end with the first and last tenth', () => {
  const ascending = fc
    .array(fc.nat(1000), { minLength: 1, maxLength: 400 })
    .map((values) => Float64Array.from(values.sort((a, b) => a - b)));
  fc.assert(
    fc.property(ascending, (distance) => {
      const change = distance.map((value) => 2 * value);
      const means = runningMeans(distance, change);
      const window = meanWindow(distance.length);
      const meanOf = (values: Float64Array) => values.reduce((a, b) => a + b) / values.length;
      expect(means[0]!.distance).toBeCloseTo(meanOf(distance.subarray(0, window)));
      if (means.length > 1) expect(means.at(-1)!.distance).toBeCloseTo(meanOf(distance.subarray(-window)));
      means.forEach((point, i) => {
        expect(point.change).toBeCloseTo(2 * point.distance);
        if (i > 0) expect(point.distance).toBeGreaterThanOrEqual(means[i - 1]!.distance);
      });
    }),
  );
});

it('the nearest point of any model within reach is meant', () => {
  const xs = Float64Array.of(0, 10, 20);
  const ys = [Float64Array.of(0, 0, 0), Float64Array.of(50, 50, 90)];
  expect(nearestPlace({ x: 9, y: 2 }, xs, ys, 24)).toBe(1);
  expect(nearestPlace({ x: 19, y: 88 }, xs, ys, 24)).toBe(2);
  expect(nearestPlace({ x: 100, y: 100 }, xs, ys, 24)).toBeUndefined();
});

describe('sentence about collateral', () => {
  const images = collateralImages(oracle(Array.from({ length: 101 }, (_, i) => i)))!;
  const said = (rankCorrelation: number | null) => {
    const kept = { totalVariation: packShares(new Float64Array(101).fill(0.2)), rankCorrelation };
    return collateralSentence([sideCollateral(side, kept, images)!], images);
  };

  it('tells a correlation only where it is more than chance gives', () => {
    const head =
      'On 101 of 4,500 retained images: A, DEL, differs from the oracle by 0.200 on average; rank correlation with the distance';
    expect(said(-0.5)).toBe(`${head} −0.50: nearer images differ more.`);
    expect(said(0.5)).toBe(`${head} 0.50: images farther away differ more.`);
    // 1.96 / √100.
    expect(said(0.19)).toBe(`${head} 0.19: no more than chance gives.`);
    expect(said(null)).toContain('its rank correlation with the distance is not defined.');
  });
});
