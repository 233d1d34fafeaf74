import fc from 'fast-check';
import { expect, test } from 'vitest';
import { localizers } from '../../../src/lab/localize';
import {
  exampleScorer,
  exampleScoreText,
  scoresExamples,
  tensorsOf,
} from '../../../src/lab/localize/example-score';
import type { Scores } from '../../../src/lab/localize/scores';
import { unitLayout } from '../../../src/lab/localize/units';
import { randomStream } from '../../../src/lab/rng';
import { defaultSettings, type Settings } from '../../../src/lab/settings';
import { type ParameterTensors, sizeOf } from '../../../src/lab/tensors';
import { fixtureSpec } from '../../support/fixture-study';

const spec = fixtureSpec();
const { tensors } = unitLayout(spec);
const normal = (name: string): ParameterTensors =>
  Object.fromEntries(
    spec.parameters.map(({ name: parameter, shape }) => {
      const random = randomStream(0, name, parameter);
      return [
        parameter,
        { shape: [...shape], data: Float32Array.from({ length: sizeOf(shape) }, random.normal) },
      ];
    }),
  );
const weights = normal('weights');
const gradient = normal('gradient');

const scoring = (strategy: string, given: Settings = {}) => {
  const localizer = localizers.get(strategy);
  return { localizer, settings: { ...defaultSettings(localizer.settings), ...given } };
};
const unit = fc
  .constantFrom(...tensors)
  .chain(({ name, rows }) => fc.nat(rows - 1).map((row) => ({ name, row })));

test('example score: is the mean of what the map of one example would show for the units', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(unit, { minLength: 1, maxLength: 6, selector: ({ name, row }) => `${name}:${row}` }),
      fc.constantFrom('del', 'salloc', 'grad-channel', 'train-set', 'random'),
      fc.constantFrom('channel', 'parameter'),
      fc.constantFrom('published', 'row', 'count', 'all'),
      (picked, strategy, granularity, h) => {
        const units = picked.map(({ name, row }) => `${name}:${row}`);
        const by = scoring(strategy, { granularity, h, hCount: 3, hShare: 0.4 });
        const only = Object.fromEntries(tensorsOf(units).map((name) => [name, gradient[name]!]));
        const map = by.localizer.score({ spec, weights, gradient }, by.settings) as Scores;
        const each = picked.map(({ name, row }) => {
          const { rowLength } = tensors.find((tensor) => tensor.name === name)!;
          const length = granularity === 'channel' ? 1 : rowLength;
          const own = map.values[name]!.slice(row * length, (row + 1) * length);
          return own.reduce((sum, value) => sum + value, 0) / length;
        });
        const mean = each.reduce((sum, value) => sum + value, 0) / each.length;
        expect(exampleScorer(spec, weights, units, by)(only)).toBeCloseTo(mean, 5);
      },
    ),
  );
});

test('example score: of a filter is the mean of its h largest |θ·g|', () => {
  const { rowLength, rows } = tensors[0]!;
  const size = Array.from({ length: rowLength }, (_, i) =>
    Math.abs(weights['conv1.weight']!.data[rowLength + i]! * gradient['conv1.weight']!.data[rowLength + i]!),
  );
  const h = Math.max(1, Math.floor(0.1 * rows));
  const largest = size.sort((a, b) => b - a).slice(0, h);
  const score = exampleScorer(spec, weights, ['conv1.weight:1'], scoring('del'))(gradient);
  expect(score).toBeCloseTo(largest.reduce((sum, value) => sum + value, 0) / h, 5);
});

test('example score text: says the formula, only of strategies whose scores depend on examples', () => {
  const text = (given: Settings) => exampleScoreText(spec, scoring('del', given));
  expect(text({})).toBe('mean of the h largest |θ·g| of a unit, h = 0.1 × output channels');
  expect(text({ h: 'row', hShare: 0.25, criterion: 'grad' })).toBe(
    'mean of the h largest |g| of a unit, h = 0.25 × weights of the unit',
  );
  expect(text({ h: 'all' })).toBe('mean |θ·g| of a unit');
  expect(text({ granularity: 'parameter' })).toBe('mean |θ·g| of a unit');
  expect(exampleScoreText(fixtureSpec('vit-small', 32), scoring('del'))).toBe('mean |θ·g| of a unit');
  const looking = localizers.entries.filter(({ id }) => scoresExamples(scoring(id))).map(({ id }) => id);
  expect(looking).toEqual([
    'del',
    'salloc',
    'grad-channel',
    'weighted-grad-parameter',
    'train-set',
    'random',
  ]);
  expect(scoresExamples(scoring('del', { criterion: 'weight' }))).toBe(false);
});
