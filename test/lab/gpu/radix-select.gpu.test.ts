import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { selectLargest } from '../../../src/lab/gpu/radix-select';
import { readTensor } from '../../../src/lab/gpu/read';
import { localizers, maskStreams } from '../../../src/lab/localize';
import { argsortDescending } from '../../../src/lab/localize/cut/argsort';
import { specOfConfig } from '../../../src/lab/nn/models';
import { defaultSettings, type Settings } from '../../../src/lab/settings';
import { selectMask } from '../../../src/lab/stages/common/localize';
import type { Checkpoint } from '../../../src/lab/tensors';
import { openEngine } from '../../../src/lab/train/open-engine';
import { deviceForTests } from '../../support/device';
import { readGolden, tensorsUnder } from '../../support/golden';
import { normals } from '../../support/reference';

describe('radix select', () => {
  deviceForTests();

  /** Compares with the host's ranking, bit by bit. */
  async function expectHostMask(scores: Float32Array, wanted: number): Promise<void> {
    const before = tf.memory().numTensors;
    const tensor = tf.tensor1d(scores);
    const bits = selectLargest(tensor, wanted);
    const expected = new Int32Array(Math.ceil(scores.length / 32));
    for (const index of argsortDescending(scores).subarray(0, wanted))
      expected[index >>> 5]! |= 1 << (index & 31);
    expect(await readTensor(bits)).toEqual(expected);
    tf.dispose([tensor, bits]);
    expect(tf.memory().numTensors).toBe(before);
  }

  /** Few values, so that ties abound; zeros of both signs, numbers below the normal range, and the largest there are. */
  const tied = fc.constantFrom(0, -0, 1, 1.0000001, -1, 1e-44, 2e-44, -1e-44, 3.4e38, -3.4e38);
  const any = fc.float({ noNaN: true, noDefaultInfinity: true });

  test('equal scores are taken in flat order, and any list is selected as on the host', async () => {
    const lists = fc.oneof(...[tied, any].map((value) => fc.array(value, { minLength: 1, maxLength: 2500 })));
    const asked = lists.chain((scores) =>
      fc.tuple(fc.constant(scores), fc.integer({ min: 1, max: scores.length })),
    );
    await fc.assert(
      fc.asyncProperty(asked, ([scores, wanted]) => expectHostMask(Float32Array.from(scores), wanted)),
      { numRuns: 60 },
    );
  });

  test.each([1, 1234, 150_000, 299_999, 300_001])(
    'the first %i of 300,001 scores with many ties are those of the host',
    async (wanted) => {
      // Rounding makes thousands equal, in runs and workgroups far apart.
      await expectHostMask(
        normals('scores', [300_001]).map((value) => Math.abs(Math.round(value * 50) / 50)),
        wanted,
      );
    },
  );
});

test.each(['localize-resnet', 'localize-vit'])(
  '%s: masks selected on the device equal those selected on the host',
  async (name) => {
    const { spec: golden, inputs, expected } = readGolden(name);
    const spec = specOfConfig(golden.model);
    const engine = await openEngine();
    const model = await engine.createModel(spec);
    const largest = vi.spyOn(model, 'largest');
    const weights = tensorsUnder(inputs, 'param') as Checkpoint;
    const gradient = tensorsUnder(expected, 'G') as Checkpoint;
    for (const [id, given] of [
      ['salloc', {}],
      ['weighted-grad-parameter', {}],
      ['del', { granularity: 'parameter' }],
      ['random', { granularity: 'parameter' }],
    ] satisfies [string, Settings][]) {
      const localizer = localizers.get(id);
      const settings = { ...defaultSettings(localizer.settings), ...given };
      const scores = await localizer.score({ spec, weights, gradient }, settings);
      for (const alpha of [0, 1e-4, 0.3, 1])
        expect(await selectMask(localizer, spec, scores, settings, { alpha, seed: 0 }, model)).toEqual(
          localizer.select({ spec, scores, alpha, random: maskStreams(0) }, settings),
        );
      // `random` draws channels and uses a ranking only for their number, so the device selects nothing.
      expect(largest).toHaveBeenCalledTimes(id === 'random' ? 0 : 4);
      for (const { value } of largest.mock.results) expect(await value).toBeDefined();
      largest.mockClear();
    }
    engine.dispose();
  },
);
