import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readTensor } from '../../../../src/lab/gpu/read';
import { cutRanking } from '../../../../src/lab/localize/cut/byte-mask';
import { cutOnDevice } from '../../../../src/lab/localize/cut/device-mask';
import { rankScores } from '../../../../src/lab/localize/cut/ranking';
import { largest } from '../../../../src/lab/train/largest';
import { anyCut } from '../../../support/any-cut';
import { deviceForTests } from '../../../support/device';

deviceForTests();

test('cut on the device: the mask is that of the host, for any single weights, ties and alpha', async () => {
  const read = async (tensor: tf.Tensor) => (await readTensor(tensor)) as Float32Array;
  const model = { largest: (scores: Float32Array, wanted: number) => largest(scores, wanted, read) };
  const before = tf.memory().numTensors;
  await fc.assert(
    fc.asyncProperty(anyCut('parameter'), async ({ spec, scores, alpha }) => {
      const expected = cutRanking(rankScores(spec, scores), alpha, 'exact');
      expect(await cutOnDevice(spec, scores, alpha, model)).toEqual(expected);
    }),
    { numRuns: 100 },
  );
  expect(tf.memory().numTensors).toBe(before);
});
