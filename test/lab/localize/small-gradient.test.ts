import fc from 'fast-check';
import { expect, test } from 'vitest';
import { maskStreams } from '../../../src/lab/localize';
import { quotaBits, quotaCutter, quotaMask, quotasOf } from '../../../src/lab/localize/cut/quota';
import { rankScores } from '../../../src/lab/localize/cut/ranking';
import { unitShares } from '../../../src/lab/localize/mask-shares';
import type { Scores } from '../../../src/lab/localize/scores';
import { smallGradient } from '../../../src/lab/localize/small-gradient';
import { specOfConfig } from '../../../src/lab/nn/models';
import type { ModelSpec } from '../../../src/lab/nn/spec';
import { type ParameterTensors, sizeOf } from '../../../src/lab/tensors';
import { anyCut } from '../../support/any-cut';
import { readGolden } from '../../support/golden';
import { tinyResNet } from '../../support/tiny-network';

const bottleneck = specOfConfig({
  kind: 'resnet',
  stem: 'imagenet',
  block: 'bottleneck',
  layers: [1, 1],
  widths: [3, 5],
  stemWidth: 6,
  inChannels: 3,
  classes: 4,
});
const networks = [bottleneck, specOfConfig(tinyResNet(3)), specOfConfig(readGolden('sgd-resnet').spec.model)];

/** Differences with few values, so that ties abound. */
function differences(spec: ModelSpec, pattern: number[]): ParameterTensors {
  let at = 0;
  return Object.fromEntries(
    spec.parameters.map(({ name, shape }) => {
      const data = Float32Array.from({ length: sizeOf(shape) }, () => pattern[(at++ * 7) % pattern.length]!);
      return [name, { shape, data }];
    }),
  );
}

function maskOf(spec: ModelSpec, gradient: ParameterTensors, alpha: number) {
  const scores = smallGradient.score({ spec, weights: {}, gradient }, {}) as Scores;
  return smallGradient.select({ spec, scores, alpha, random: maskStreams(0) }, {});
}

test('small gradients: every convolution has its own quota of the smallest |D|, the first of equal ones; nothing else is selected', () => {
  const value = fc.oneof(
    fc.constantFrom(0, -0, 1, -1, 2),
    fc.float({ noNaN: true, noDefaultInfinity: true }),
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...networks),
      fc.array(value, { minLength: 1, maxLength: 60 }),
      fc.oneof(fc.constantFrom(0, 1, 0.25, 0.5, 0.3), fc.double({ min: 0, max: 1, noNaN: true })),
      (spec, pattern, alpha) => {
        const gradient = differences(spec, pattern);
        const mask = maskOf(spec, gradient, alpha);
        for (const { name, kind } of spec.parameters) {
          const { data } = gradient[name]!;
          const ranked = [...data.keys()].sort((a, b) => Math.abs(data[a]!) - Math.abs(data[b]!) || a - b);
          const exact = alpha * data.length;
          const rest = exact - Math.floor(exact);
          const quota = rest === 0.5 ? 2 * Math.round(exact / 2) : Math.round(exact);
          const expected = new Uint8Array(data.length);
          for (const entry of ranked.slice(0, kind === 'conv' ? quota : 0)) expected[entry] = 1;
          expect(mask[name], name).toEqual(expected);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('small gradients: a larger budget only adds to the mask', () => {
  const gradient = differences(bottleneck, [0.3, -2, 0, 5, 1e-9, -0.3, 7]);
  let smaller = maskOf(bottleneck, gradient, 0);
  for (const alpha of [0.01, 0.2, 0.21, 0.5, 1]) {
    const mask = maskOf(bottleneck, gradient, alpha);
    for (const [name, bits] of Object.entries(smaller))
      expect(bits.every((bit, i) => bit <= mask[name]![i]!)).toBe(true);
    smaller = mask;
  }
});

test('small gradients: a network without convolutions, and a gradient that overflowed, are refused', () => {
  const { spec } = readGolden('sgd-vit');
  expect(smallGradient.unfit!(specOfConfig(spec.model))).toMatch(/has none: choose another one/);
  expect(smallGradient.unfit!(bottleneck)).toBeUndefined();
  const gradient = differences(bottleneck, [1, 2]);
  gradient['conv1.weight']!.data[3] = Number.NaN;
  expect(() => maskOf(bottleneck, gradient, 0.3)).toThrow('conv1.weight');
  expect(() => maskOf(bottleneck, differences(bottleneck, [1]), 1.1)).toThrow('Alpha');
});

test('quotas: mask, bits and unit shares are the same, in whatever order tensors are ranked', () => {
  fc.assert(
    fc.property(anyCut('parameter'), fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (cut, alphas) => {
      const spec = {
        ...cut.spec,
        parameters: cut.spec.parameters.map((parameter) => ({
          ...parameter,
          kind: parameter.shape.length > 1 ? 'conv' : 'norm',
        })),
      } as ModelSpec;
      const ranking = rankScores(spec, cut.scores);
      const quotasAt = (alpha: number) => quotasOf(spec, 'conv', alpha);
      const cutUnits = quotaCutter(ranking, quotasAt);
      const cutBits = quotaBits(ranking, quotasAt);
      for (const alpha of [...alphas, cut.alpha, 0, 1]) {
        const mask = quotaMask(ranking, quotasAt(alpha));
        const flat = spec.parameters.flatMap(({ name }) => [...mask[name]!]);
        const bits = cutBits(alpha);
        expect(flat.map((_, i) => (bits[i >>> 5]! >>> (i & 31)) & 1)).toEqual(flat);
        const { shares, sum } = cutUnits(alpha);
        expect(shares).toEqual(unitShares(spec, mask));
        const all = spec.parameters.flatMap(({ name }) => [...cut.scores.values[name]!]);
        const expected = all.reduce((total, score, i) => total + flat[i]! * score, 0);
        const scale = all.reduce((total, score) => total + Math.abs(score), 0);
        expect(Math.abs(sum! - expected)).toBeLessThanOrEqual(1e-9 * scale);
      }
    }),
    { numRuns: 60 },
  );
});
