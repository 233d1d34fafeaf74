import { expect, test } from 'vitest';
import type { Dataset } from '../../../src/lab/data/dataset';
import { initialise } from '../../../src/lab/nn/initialise';
import { specOfConfig } from '../../../src/lab/nn/models';
import { defaultSettings } from '../../../src/lab/settings';
import { unlearnContext } from '../../../src/lab/stages/common/unlearn';
import { recipeFrom } from '../../../src/lab/study/recipe';
import { type Mask, sizeOf } from '../../../src/lab/tensors';
import { unlearners } from '../../../src/lab/unlearn';
import { fakeEngine } from '../../support/fake-engine';
import { tinyResNet } from '../../support/tiny-network';

/** Answers that METHOD section 5 knows beforehand, on an engine that computes from weights, batches and masks alone. */

const spec = specOfConfig(tinyResNet(3));
const labels = Int32Array.from({ length: 20 }, (_, i) => i % 3);
const split = { images: new Uint8Array(20 * 16), labels, count: 20 };
const data: Dataset = {
  id: 'three',
  classes: ['a', 'b', 'c'],
  shape: [4, 4, 1],
  train: split,
  test: split,
};
const original = initialise(spec, 0);
const maskOf = (bit: number): Mask =>
  Object.fromEntries(
    spec.parameters.map(({ name, shape }) => [name, new Uint8Array(sizeOf(shape)).fill(bit)]),
  );

async function unlearned(method: string, mask?: Mask, epochs = 2) {
  const engine = fakeEngine();
  await engine.useDataset(data);
  const model = await engine.createModel(spec);
  await model.load(original);
  const entry = unlearners.get(method);
  const settings = { ...defaultSettings(entry.settings), epochs, lr: 0.1, batch: 4 };
  const inputs = {
    spec,
    seed: 3,
    settings,
    recipe: recipeFrom(settings),
    original,
    mask,
    labels,
    classes: 3,
  };
  const sets = {
    forget: Int32Array.of(2, 7),
    retain: labels.map((_, i) => i).filter((i) => i !== 2 && i !== 7),
  };
  const train: Parameters<typeof unlearnContext>[1]['train'] = (request) =>
    model.train(request, { tick: async () => {} });
  await entry.run(unlearnContext(model, { ...inputs, ...sets, train }));
  return model.snapshot();
}

test('a mask of everything makes reset and finetune retraining, bit for bit in every weight', async () => {
  const whole = await unlearned('reset-finetune', maskOf(1));
  const oracle = await unlearned('retrain');
  for (const { name } of spec.parameters) expect(whole[name], name).toEqual(oracle[name]);
  // Train-mode steps never read the running statistics, so that these alone may start elsewhere.
  expect(whole['conv1.weight']).not.toEqual(original['conv1.weight']);
});

test('a mask of nothing leaves everything but the classifier head as it was', async () => {
  const nothing = await unlearned('reset-finetune', maskOf(0));
  for (const name of Object.keys(original))
    if (spec.head.includes(name)) expect(nothing[name], name).not.toEqual(original[name]);
    else expect(nothing[name], name).toEqual(original[name]);
  expect(await unlearned('finetune', maskOf(0))).toEqual(original);
});

test('training for no epochs returns the input bit for bit', async () => {
  for (const method of [
    'finetune',
    'random-label',
    'l1-sparse',
    'neggrad-plus',
    'gradient-ascent',
    'scrub',
    'bad-teacher',
    'cf-k',
  ])
    expect(await unlearned(method, undefined, 0), method).toEqual(original);
});
