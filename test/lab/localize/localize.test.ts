import fc from 'fast-check';
import { expect, test } from 'vitest';
import { localizers, maskStreams } from '../../../src/lab/localize';
import { rowScores } from '../../../src/lab/localize/aggregate';
import { argsortDescending } from '../../../src/lab/localize/cut/argsort';
import { rankScores } from '../../../src/lab/localize/cut/ranking';
import { maskShare, unitShares } from '../../../src/lab/localize/mask-shares';
import type { Scores } from '../../../src/lab/localize/scores';
import { decodeScores, encodeScores, scoresFile } from '../../../src/lab/localize/scores-codec';
import { unitLayout, unitName } from '../../../src/lab/localize/units';
import { initialise } from '../../../src/lab/nn/initialise';
import { specOfConfig } from '../../../src/lab/nn/models';
import { defaultSettings, LetheError, type Settings } from '../../../src/lab/settings';
import type { Mask } from '../../../src/lab/tensors';

/** resnet8: the demo's network. */
const spec = specOfConfig({
  kind: 'resnet',
  stem: 'cifar',
  block: 'basic',
  layers: [1, 1, 1],
  widths: [16, 32, 64],
  inChannels: 1,
  classes: 10,
});
const weights = initialise(spec, 0);
// Any other numbers of the right shapes serve as a gradient.
const gradient = initialise(spec, 1);
const layout = unitLayout(spec);

function settingsOf(id: string, given: Settings = {}): Settings {
  return { ...defaultSettings(localizers.get(id).settings), ...given };
}

/** Scores of a strategy that needs no live model: only those would be promises. */
function scoreOf(id: string, settings = settingsOf(id), given = weights): Scores {
  return localizers.get(id).score({ spec, weights: given, gradient }, settings) as Scores;
}

/** Scores do not depend on alpha, so each strategy's are computed once. */
const knownScores = new Map<string, Scores>();

function select(id: string, alpha: number, given: Settings = {}, seed = 0): Mask {
  const localizer = localizers.get(id);
  const settings = settingsOf(id, given);
  const key = `${id} ${JSON.stringify(given)}`;
  const scores = knownScores.get(key) ?? scoreOf(id, settings);
  knownScores.set(key, scores);
  return localizer.select({ spec, scores, alpha, random: maskStreams(seed) }, settings);
}

const ones = (mask: Mask) =>
  Object.values(mask).reduce((sum, bits) => sum + bits.filter((bit) => bit === 1).length, 0);

const byAlpha = localizers.entries.filter((localizer) => localizer.usesAlpha).map(({ id }) => id);
const share = fc.double({ min: 0, max: 1, noNaN: true });

test('argsort: is a stable sort by descending value', () => {
  const value = fc.oneof(
    fc.float({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(0, -0, 1, -1, 2 ** -140),
  );
  fc.assert(
    fc.property(fc.array(value), (list) => {
      const values = Float32Array.from(list);
      const expected = [...values.keys()].sort((a, b) => values[b]! - values[a]! || a - b);
      expect([...argsortDescending(values)]).toEqual(expected);
    }),
  );
});

test('row scores: a channel scores the mean of its h largest weights', () => {
  const tensor = { name: 't', rows: 1, size: 0, firstUnit: 0, firstScalar: 0 };
  const value = fc.float({ min: 0, max: 10, noNaN: true });
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 40 }), fc.nat(), (list, pick) => {
      const h = 1 + (pick % list.length);
      const top = list.toSorted((a, b) => b - a).slice(0, h);
      const mean = top.reduce((sum, item) => sum + item, 0) / h;
      const [score] = rowScores(Float32Array.from(list), { ...tensor, rowLength: list.length }, h);
      expect(score).toBeCloseTo(mean, 5);
    }),
  );
});

test('select: a mask never exceeds its budget, grows with alpha, and is empty at 0 and everything at 1', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...byAlpha),
      share,
      share,
      fc.constantFrom('exact', 'whole-channel'),
      (id, a, b, cut) => {
        const given: Settings = id === 'deepest' || id === 'shallowest' ? {} : { cut };
        const small = select(id, Math.min(a, b), given);
        const large = select(id, Math.max(a, b), given);
        // The control and the quotas round in every tensor, so only they may pass the budget.
        if (!localizers.get(id).previewCutter)
          expect(ones(small)).toBeLessThanOrEqual(Math.min(a, b) * spec.size);
        for (const [name, bits] of Object.entries(small))
          expect(bits.every((bit, i) => bit <= large[name]![i]!)).toBe(true);
      },
    ),
    { numRuns: 60 },
  );
  for (const id of byAlpha) {
    expect(ones(select(id, 0))).toBe(0);
    // What the quotas leave out has a test of its own.
    if (id !== 'small-gradient') expect(ones(select(id, 1))).toBe(spec.size);
  }
});

test('select: a whole-channel cut selects whole channels, an exact cut meets the budget', () => {
  for (const alpha of [0.03, 0.1, 0.3, 0.77]) {
    expect(new Set(unitShares(spec, select('del', alpha)))).toEqual(new Set([0, 1]));
    expect(ones(select('del', alpha, { cut: 'exact' }))).toBe(Math.floor(alpha * spec.size));
    expect(ones(select('salloc', alpha))).toBe(Math.floor(alpha * spec.size));
  }
});

test('random: matches DEL tensor by tensor, and differs between seeds', () => {
  const del = select('del', 0.2);
  const control = select('random', 0.2);
  for (const { name, rowLength } of layout.tensors) {
    const wanted = ones({ [name]: del[name]! });
    const got = ones({ [name]: control[name]! });
    expect(got).toBeGreaterThanOrEqual(wanted);
    expect(got).toBeLessThan(wanted + rowLength);
  }
  expect(select('random', 0.2)).toEqual(control);
  expect(select('random', 0.2, {}, 1)).not.toEqual(control);
});

test('manual: selects exactly the picked units, and refuses names of no unit', () => {
  const mask = select('manual', 0, { units: ['conv1.weight:2', 'fc.bias:9'] });
  const selected = layout.tensors.flatMap(({ name, rows, firstUnit }) =>
    Array.from({ length: rows }, (_, row) => row)
      .filter((row) => unitShares(spec, mask)[firstUnit + row] === 1)
      .map((row) => unitName(name, row)),
  );
  expect(selected).toEqual(['conv1.weight:2', 'fc.bias:9']);
  expect(ones(select('full', 0))).toBe(spec.size);
  expect(() => select('manual', 0, { units: [] })).toThrow('Pick at least one unit');
  for (const name of ['conv1.weight:16', 'conv1.weight:-1', 'conv1.weight', 'nowhere:0', ''])
    expect(() => select('manual', 0, { units: [name] })).toThrow(LetheError);
});

test('mask shares: those of the units add up to that of the network', () => {
  const mask = select('grad-channel', 0.2, { cut: 'exact' });
  expect(maskShare(mask)).toBe(ones(mask) / spec.size);
  const shares = unitShares(spec, mask);
  const selected = layout.tensors.reduce(
    (sum, { rows, rowLength, firstUnit }) =>
      sum + rowLength * shares.subarray(firstUnit, firstUnit + rows).reduce((a, b) => a + b, 0),
    0,
  );
  expect(selected).toBeCloseTo(ones(mask), 3);
  // Cut exactly, one unit is selected in part.
  expect(shares.filter((share) => share > 0 && share < 1)).toHaveLength(1);
});

test('scores codec: scores survive the result file, and a scores file repeats a channel score over its row', () => {
  for (const id of ['del', 'deepest']) {
    const scores = scoreOf(id);
    const record = encodeScores(spec, scores, { strategy: id, seed: 3 });
    expect(decodeScores(spec, record)).toEqual(scores);
    expect(() => decodeScores(spec, { ...record, scores: record.scores.slice(0, 40) })).toThrow(LetheError);
  }
  const scores = scoreOf('del');
  const file = scoresFile(spec, scores, gradient);
  expect(file['conv1.weight']!.shape).toEqual([16, 1, 3, 3]);
  expect(file['conv1.weight']!.data[9 * 4 + 8]).toBe(scores.values['conv1.weight']![4]);
  expect(file['G.fc.bias']).toBe(gradient['fc.bias']);
});

test('select: scores that are not finite are refused instead of ranked', () => {
  const broken = { ...weights, 'conv1.weight': { ...weights['conv1.weight']! } };
  broken['conv1.weight'].data = broken['conv1.weight'].data.with(5, Number.NaN);
  for (const id of ['del', 'weighted-grad-parameter', 'magnitude']) {
    const localizer = localizers.get(id);
    const scores = scoreOf(id, settingsOf(id), broken);
    const choose = () =>
      localizer.select({ spec, scores, alpha: 0.1, random: maskStreams(0) }, settingsOf(id));
    expect(choose).toThrow('conv1.weight');
  }
});

test('ranking: scores are ranked once, however often they are cut', () => {
  const scores = scoreOf('salloc', settingsOf('salloc'));
  expect(rankScores(spec, scores)).toBe(rankScores(spec, scores));
});
