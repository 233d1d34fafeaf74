import { expect, test } from 'vitest';
import { isFarther, measured } from '../../../../src/lab/results/verdict/measured';
import { areaNoise, differenceNoise, largestNoise } from '../../../../src/lab/results/verdict/noise';
import { randomStream } from '../../../../src/lab/rng';
import { type Four, modelsOf } from '../../../support/judged-study';

test('noise: the interval of a difference is Agresti and Caffo’s', () => {
  // 7 of 10 and 2 of 10: p̃ are 8/12 and 3/12.
  const expected = 196 * Math.sqrt(((8 / 12) * (4 / 12) + (3 / 12) * (9 / 12)) / 12);
  expect(differenceNoise(0.7, 0.2, 10)).toBeCloseTo(expected, 9);
  expect(differenceNoise(0, 0, 200)).toBeGreaterThan(1);
  expect(largestNoise(200)).toBeCloseTo(9.75, 2);
});

test('noise: the standard error of an area at chance is that of the Wilcoxon test', () => {
  expect(areaNoise(0.5, 100) / 196).toBeCloseTo(Math.sqrt(201 / (12 * 100 * 100)), 3);
});

test('noise: two networks of the same gap are told apart in less than one of twenty draws of images', () => {
  const sizes = { forget: 200, test: 2000, retain: 1800 };
  const draws = 2000;
  const drawn = (stream: ReturnType<typeof randomStream>, share: number, images: number) => {
    let right = 0;
    for (let i = 0; i < images; i++) if (stream.uniform() < share) right++;
    return (100 * right) / images;
  };
  // On one side of the oracle, and on both.
  for (const [a, b] of [
    [0.62, 0.62],
    [0.62, 0.38],
  ] as const) {
    let claims = 0;
    for (let draw = 0; draw < draws; draw++) {
      const stream = randomStream(0, 'verdict-noise', draw);
      const one = (forget: number): Four => [
        drawn(stream, forget, sizes.forget),
        drawn(stream, 0.75, sizes.forget),
        drawn(stream, 0.83, sizes.test),
        99,
      ];
      const oracles = modelsOf([one(0.5)]);
      const [first, second] = [a, b].map((share) => measured('run', modelsOf([one(share)]), oracles)!);
      if (isFarther(first!, second!, sizes) || isFarther(second!, first!, sizes)) claims++;
    }
    expect(claims / draws).toBeLessThan(0.05);
  }
});
