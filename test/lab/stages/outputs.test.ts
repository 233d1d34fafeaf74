import { expect, test } from 'vitest';
import type { Dataset } from '../../../src/lab/data/dataset';
import { accuraciesByClass, computeMetrics } from '../../../src/lab/evaluate';
import { initialise } from '../../../src/lab/nn/initialise';
import { specOfConfig } from '../../../src/lab/nn/models';
import { evaluationOutputs } from '../../../src/lab/stages/common/outputs';
import { fakeEngine } from '../../support/fake-engine';
import { tinyResNet } from '../../support/tiny-network';

test('a network with more outputs than its data has classes is measured row by row of its own outputs', async () => {
  const split = (count: number) => ({
    images: Uint8Array.from({ length: count * 16 }, (_, i) => (i * 29) % 251),
    labels: Int32Array.from({ length: count }, (_, i) => i % 3),
    count,
  });
  const data: Dataset = {
    id: 'three',
    classes: ['a', 'b', 'c'],
    shape: [4, 4, 1],
    train: split(12),
    test: split(6),
  };
  const spec = specOfConfig(tinyResNet(5));
  const engine = fakeEngine();
  await engine.useDataset(data);
  const model = await engine.createModel(spec);
  await model.load(initialise(spec, 0));
  // The label's logit stands out.
  const outputs = async (set: 'train' | 'test', indices: Int32Array) =>
    (await model.outputs(set, indices)).map((_, at) => {
      const label = data[set].labels[indices[Math.floor(at / 5)]!];
      return at % 5 === label ? 3 : 0;
    });
  const sets = { forget: Int32Array.of(1, 5), retain: Int32Array.of(0, 2, 3, 4, 6, 7, 8, 9, 10, 11) };
  const measured = await evaluationOutputs({ ...model, outputs }, data, sets, () => ({
    tick: async () => {},
  }));
  expect(computeMetrics(measured)).toMatchObject({
    forgetAccuracy: 100,
    retainAccuracy: 100,
    testAccuracy: 100,
  });
  expect(accuraciesByClass(measured).test).toEqual([100, 100, 100, null, null]);
});
