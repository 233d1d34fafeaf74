import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { specOfConfig } from '../../../src/lab/nn/models';
import type { Engine } from '../../../src/lab/train/engine';
import { openEngine } from '../../../src/lab/train/open-engine';
import type { Objective } from '../../../src/lab/train/trainer';
import { deviation, readGolden, under } from '../../support/golden';
import { goldenDataset, goldenSteps, goldenWeights, running, update } from '../../support/golden-study';
import '../../support/tolerance';

const crossEntropyOnRetain: Objective = ({ retain }, { logits, crossEntropy }) =>
  crossEntropy(logits(retain!), retain!.labels);

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.dispose());

test.each(['sgd-resnet', 'sgd-vit'])('%s: losses, rates, weights and running statistics', async (name) => {
  const golden = readGolden(name);
  const { hyperparameters: given, steps, tolerance } = golden.spec;
  await engine.useDataset(goldenDataset(golden));
  const model = await engine.createModel(specOfConfig(golden.spec.model));
  const start = goldenWeights(golden);
  await model.load(start);
  const epochs = goldenSteps(steps, 'retain');
  const report = await model.train(
    {
      objective: crossEntropyOnRetain,
      recipe: {
        epochs: given.epochs,
        lr: given.lr,
        batch: steps[0].batch.length,
        momentum: given.momentum,
        weightDecay: given.weightDecay,
        floor: given.lrFloor,
      },
      steps: (epoch) => epochs[epoch]!,
    },
    running,
  );
  const expected = { losses: { data: steps.map(({ loss }: { loss: number }) => loss) } };
  expect(deviation({ losses: { data: report.losses } }, expected)).toBeWithin(tolerance.losses);
  steps.forEach(({ lr }: { lr: number }, index: number) => {
    expect(report.rates[index]).toBeCloseTo(lr, 12);
  });
  const end = await model.snapshot();
  const parameters = under(golden.expected, 'param');
  expect(deviation(end, parameters)).toBeWithin(tolerance.param);
  expect(deviation(update(end, start), update(parameters, start))).toBeWithin(tolerance.update);
  if (tolerance.running)
    expect(deviation(end, under(golden.expected, 'running'))).toBeWithin(tolerance.running);
  model.dispose();
});

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
    expect(deviation(gradient, under(golden.expected, group))).toBeWithin(golden.spec.tolerance[group]);
    expect(await model.snapshot()).toEqual(goldenWeights(golden));
    model.dispose();
  });
});
