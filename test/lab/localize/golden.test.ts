import { describe, expect, test } from 'vitest';
import { localizers, maskStreams } from '../../../src/lab/localize';
import { scoresFile } from '../../../src/lab/localize/scores-codec';
import { maskFromFlat, unitLayout } from '../../../src/lab/localize/units';
import { specOfConfig } from '../../../src/lab/nn/models';
import type { StoredTensor } from '../../../src/lab/nn/safetensors';
import { defaultSettings, type Settings } from '../../../src/lab/settings';
import type { Checkpoint } from '../../../src/lab/tensors';
import { deviation, readGolden, tensorsUnder } from '../../support/golden';

/** Golden name, our strategy, cut, and where the golden scores stand. */
const STRATEGIES: [golden: string, ours: string, settings: Settings, scores?: string][] = [
  ['del', 'del', { cut: 'exact' }, 'score.del'],
  ['del-whole', 'del', {}],
  ['salloc', 'salloc', { cut: 'exact' }],
  ['param-weighted-grad', 'weighted-grad-parameter', { cut: 'exact' }],
  ['channel-grad', 'grad-channel', { cut: 'exact' }, 'score.channel-grad'],
  ['channel-weight', 'magnitude', { cut: 'exact' }, 'score.channel-weight'],
  ['del-train', 'train-set', { cut: 'exact' }, 'score.del-train'],
  ['deepest', 'deepest', {}],
  ['shallowest', 'shallowest', {}],
];

describe.each(['localize-resnet', 'localize-vit'])('%s', (name) => {
  const { spec: golden, inputs, expected } = readGolden(name);
  const spec = specOfConfig(golden.model);
  const weights = tensorsUnder(inputs, 'param') as Checkpoint;

  test('unit layout: has the order and the layers of the PyTorch case', () => {
    expect(spec.parameters.map((parameter) => parameter.name)).toEqual(
      golden.tensors.map((tensor: { name: string }) => tensor.name),
    );
    expect(spec.layers.map((layer) => layer.parameters)).toEqual(golden.layersInForwardOrder);
    expect(spec.size).toBe(golden.parameters);
  });

  test.each(STRATEGIES)('%s is our %s with %o', async (goldenName, ours, given, goldenScores) => {
    const localizer = localizers.get(ours);
    const settings = { ...defaultSettings(localizer.settings), ...given };
    const gradient = tensorsUnder(
      expected,
      localizer.needs.gradient === 'train' ? 'G_train' : 'G',
    ) as Checkpoint;
    const scores = await localizer.score({ spec, weights, gradient }, settings);
    const tolerance = golden.tolerance[goldenScores ?? ''] ?? { tensor: 1e-6, overall: 1e-6 };
    if (goldenScores) {
      const units = Object.fromEntries(Object.entries(scores.values).map(([key, data]) => [key, { data }]));
      const error = deviation(units, tensorsUnder(expected, goldenScores));
      expect(error.tensor).toBeLessThanOrEqual(tolerance.tensor);
      expect(error.overall).toBeLessThanOrEqual(tolerance.overall);
    }
    const spread = scoresFile(spec, scores);
    for (const [alpha, advice] of Object.entries<{ ones: number; lastIn?: number }>(
      golden.masks[goldenName],
    )) {
      const random = maskStreams(0);
      const mask = localizer.select({ spec, scores, alpha: Number(alpha), random }, settings);
      const stored = expected[`mask/${goldenName}/${alpha}`] as StoredTensor;
      const reference = maskFromFlat(unitLayout(spec), stored.data as Uint8Array);
      let ones = 0;
      for (const [parameter, bits] of Object.entries(mask))
        bits.forEach((bit, i) => {
          ones += bit;
          if (bit === reference[parameter]![i]) return;
          // A scalar may be on the other side of the cut only where its score is within the tolerance of the last selected one.
          const score = spread[parameter]!.data[i]!;
          expect(Math.abs(score / advice.lastIn! - 1)).toBeLessThanOrEqual(tolerance.tensor);
        });
      expect(ones).toBe(advice.ones);
    }
  });
});
