import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { specOfConfig } from '../../../src/lab/nn/models';
import type { Engine } from '../../../src/lab/train/engine';
import { openEngine } from '../../../src/lab/train/open-engine';
import { deviation, readGolden, tensorsUnder } from '../../support/golden';
import { goldenDataset, goldenWeights } from '../../support/golden-study';
import '../../support/tolerance';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.dispose());

describe.each(['localize-resnet', 'localize-vit'])('%s', (name) => {
  const golden = readGolden(name);

  test.each([
    ['G', 'forgetBatches'],
    ['G_train', 'trainBatches'],
  ])('%s is the summed gradient over %s', async (group, batches) => {
    await engine.useDataset(goldenDataset(golden));
    const model = await engine.createModel(specOfConfig(golden.spec.model));
    await model.load(goldenWeights(golden));
    const lists = golden.spec[batches].map((batch: number[]) => Int32Array.from(batch));
    const gradient = await model.gradient(lists);
    expect(deviation(gradient, tensorsUnder(golden.expected, group))).toBeWithin(
      golden.spec.tolerance[group],
    );
    expect(await model.snapshot()).toEqual(goldenWeights(golden));
    model.dispose();
  });
});
