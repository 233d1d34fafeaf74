import { expect, test } from 'vitest';
import { normalisationProblem } from '../../../../src/lab/nn/checkpoints/normalisation';

test.each<[mean: number[], std: number[], channels: number, problem: RegExp | undefined]>([
  [[0.4914, 0.4822, 0.4465], [0.2023, 0.1994, 0.201], 3, undefined],
  [[0, 0, 0], [1, 1, 1], 3, undefined],
  [[125.3, 123, 113.9], [63, 62.1, 66.7], 3, /pixels go from 0 to 1 .* divide .* by 255/],
  [[0.5, 0.5, 0.5], [50, 50, 50], 3, /no std is above 1/],
  [[-0.5], [0.2], 1, /every mean lies between 0 and 1/],
  [[0.5], [0], 1, /every std must be above 0/],
  [[0.5, 0.5], [0.2, 0.2], 3, /the images have 3 colour channels, but mean and std 2/],
  [[0.5], [0.2, 0.2], 1, /mean has 1 numbers and std 2/],
  [[Number.NaN], [0.2], 1, /not finite/],
])('normalisationProblem: mean %j and std %j for %d channels', (mean, std, channels, problem) => {
  const found = normalisationProblem({ mean, std }, channels);
  if (problem) expect(found).toMatch(problem);
  else expect(found).toBeUndefined();
});
