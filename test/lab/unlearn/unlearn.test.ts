import { describe, expect, test } from 'vitest';
import { maskFromFlat, unitLayout } from '../../../src/lab/localize/units';
import { initialBuffers } from '../../../src/lab/nn/initialise';
import { specOfConfig } from '../../../src/lab/nn/models';
import { LetheError, type Settings } from '../../../src/lab/settings';
import type { Checkpoint, Mask } from '../../../src/lab/tensors';
import { cosineRate } from '../../../src/lab/train/schedule';
import type { StepIndices, StreamName } from '../../../src/lab/train/trainer';
import { unlearners } from '../../../src/lab/unlearn';
import { readGolden, tensorsUnder } from '../../support/golden';
import { evaluate, record } from './fake-context';

/** What the golden unlearning case says must happen, step by step; numbers are checked on a device elsewhere. */
const { spec: golden, inputs } = readGolden('unlearn-resnet');
const spec = specOfConfig(golden.model);
const original = { ...tensorsUnder(inputs, 'param'), ...tensorsUnder(inputs, 'buffer') } as Checkpoint;
const reset = tensorsUnder(inputs, 'reset') as Checkpoint;
const flatMask = (name: string) => maskFromFlat(unitLayout(spec), inputs[name]!.data as Uint8Array);
const rftMask = flatMask('rftMask');
const salunMask = flatMask('salunMask');
const labels = inputs.labels!.data as Int32Array;
const relabels = new Map<number, number>(golden.relabel);
const forget = Int32Array.from(golden.forget);
const retain = Int32Array.from(golden.retain);
const base = { spec, original, forget, retain, labels };

type Step = { epoch: number; lr: number; labels?: number[] } & Partial<Record<StreamName, number[]>>;
const stepsOf = (algorithm: string): Step[] => golden.algorithms[algorithm].steps;

/** Replays a golden algorithm's batches, as an order file does. */
function replay(algorithm: string) {
  return (epoch: number): StepIndices[] =>
    stepsOf(algorithm)
      .filter((step) => step.epoch === epoch)
      .map((step) =>
        Object.fromEntries(
          (['retain', 'forget', 'mixed'] as const)
            .filter((stream) => step[stream])
            .map((stream) => [stream, Int32Array.from(step[stream]!)]),
        ),
      );
}

const CASES: [algorithm: string, method: string, mask: Mask | undefined, batches: object][] = [
  ['rft', 'reset-finetune', rftMask, { over: 'retain', batch: 16, dropLast: true }],
  ['ft', 'finetune', undefined, { over: 'retain', batch: 16, dropLast: true }],
  ['neggrad+', 'neggrad-plus', undefined, { over: 'retain', cycle: 'forget', batch: 16, dropLast: true }],
  ['ga', 'gradient-ascent', undefined, { over: 'retain', cycle: 'forget', batch: 16, dropLast: true }],
  ['rl', 'random-label', undefined, { over: 'mixed', batch: 16, dropLast: false }],
  ['salun', 'salun', salunMask, { over: 'mixed', batch: 16, dropLast: false }],
  ['l1', 'l1-sparse', undefined, { over: 'retain', batch: 16, dropLast: true }],
];

describe.each(CASES)('%s', (algorithm, id, mask, batchOptions) => {
  const { lr, lrFloor = 1, beta, gamma } = golden.algorithms[algorithm].hyperparameters;
  const method = unlearners.get(id);
  const settings = {
    epochs: golden.epochs,
    batch: golden.batchSize,
    lr,
    ...(beta ? { beta } : {}),
    ...(gamma ? { gamma } : {}),
  };
  const run = () =>
    record(method, { ...base, fresh: () => reset, mask, relabels, batches: replay(algorithm) }, settings);

  test('unlearner: asks for the batches, rates, labels and trainable weights of the PyTorch case', async () => {
    const { trains, batchCalls } = await run();
    expect(trains.length).toBe(1);
    const [request] = trains;
    const { recipe, steps, trainable, labels: given = labels } = request!;
    expect(recipe).toMatchObject({ momentum: 0.9, weightDecay: 0, floor: lrFloor });
    const epochs = Array.from({ length: recipe.epochs }, (_, epoch) => steps(epoch));
    expect(epochs.flat()).toEqual([0, 1].flatMap(replay(algorithm)));
    expect(batchCalls).toContainEqual([1, batchOptions]);
    for (const step of stepsOf(algorithm)) {
      expect(cosineRate(recipe, step.epoch)).toBeCloseTo(step.lr, 12);
      if (step.labels) expect(step.mixed!.map((index) => given[index])).toEqual(step.labels);
    }
    const head = (name: string) => id === 'reset-finetune' && name.startsWith('fc.');
    for (const { name } of spec.parameters)
      expect(trainable?.[name]).toEqual(head(name) ? mask![name]!.map(() => 1) : mask?.[name]);
  });

  test('unlearner: starts from the state of the case and does not change its inputs', async () => {
    const before = structuredClone({ original, mask, labels });
    const { loads } = await run();
    expect({ original, mask, labels }).toEqual(before);
    if (id !== 'reset-finetune') {
      expect(loads).toEqual([]);
      return;
    }
    for (const [name, { data }] of Object.entries(loads[0]!))
      expect([...data]).toEqual(
        [...original[name]!.data].map((value, i) => (mask![name]?.[i] ? reset[name]!.data[i] : value)),
      );
  });
});

test('SCRUB: the rate is constant, or falls by a step every so many epochs', async () => {
  const rates = async (settings: Settings) => {
    const { trains } = await record(unlearners.get('scrub'), base, { lr: 0.5, ...settings });
    return [0, 1, 2, 3, 4].map((epoch) => trains[0]!.schedule!(epoch));
  };
  expect(await rates({})).toEqual([0.5, 0.5, 0.5, 0.5, 0.5]);
  const stepped = await rates({ decayEvery: 2, decay: 0.5 });
  expect(stepped).toEqual([0.5, 0.5, 0.25, 0.25, 0.125]);
});

test('objectives: are the published formulas, and retained examples are forwarded first', async () => {
  const objectiveOf = async (id: string, settings = {}) =>
    (await record(unlearners.get(id), { ...base, mask: rftMask }, settings)).trains[0]!;
  const both = { retain: 2, forget: 3 };
  const negGradRequest = await objectiveOf('neggrad-plus', { beta: 0.75 });
  const negGrad = evaluate(negGradRequest.objective, both, { scalars: negGradRequest.scalars!(3) });
  expect(negGrad).toEqual({ loss: 0.75 * 2 - 0.25 * 3, forwards: ['retain', 'forget'] });
  const ascent = evaluate((await objectiveOf('gradient-ascent')).objective, both);
  expect(ascent).toEqual({ loss: -3, forwards: ['retain', 'forget'] });
  expect(evaluate((await objectiveOf('random-label')).objective, { mixed: 5 }).loss).toBe(5);
  for (const id of ['finetune', 'reset-finetune'])
    expect(evaluate((await objectiveOf(id)).objective, both)).toEqual({ loss: 2, forwards: ['retain'] });
  const l1 = await objectiveOf('l1-sparse', { gamma: 0.01, epochs: 4 });
  expect([0, 1, 3].map((epoch) => l1.scalars!(epoch).gamma)).toEqual([0.01, 0.0075, 0.0025]);
  const parameters = { a: [1, -2], b: [-0.5] };
  expect(evaluate(l1.objective, { retain: 2 }, { parameters, scalars: { gamma: 0.1 } }).loss).toBeCloseTo(
    2.35,
  );
});

test('reset-finetune: without a mask resets all weights but keeps the running statistics', async () => {
  const { loads, trains } = await record(unlearners.get('reset-finetune'), { ...base, fresh: () => reset });
  expect(loads[0]!['fc.weight']!.data).toEqual(reset['fc.weight']!.data);
  expect(loads[0]!['bn1.running_mean']).toEqual(original['bn1.running_mean']);
  expect(trains[0]!.trainable).toBeUndefined();
});

test('EU-k and CF-k: train the last k weighted layers; EU-k resets them first', async () => {
  const within = async (id: string, k: number) =>
    record(unlearners.get(id), { ...base, fresh: () => reset }, { k });
  const { loads, trains } = await within('eu-k', 2);
  // The last layers in forward order are layer2.0.conv2, the shortcut's convolution and fc.
  const chosen = spec.layers.slice(-2).flatMap((layer) => layer.parameters);
  expect(chosen).toContain('layer2.0.downsample.1.bias');
  for (const { name } of spec.parameters) {
    const bit = Number(chosen.includes(name));
    expect(trains[0]!.trainable![name]!.every((value) => value === bit)).toBe(true);
    expect(loads[0]![name]!.data).toEqual((bit ? reset : original)[name]!.data);
  }
  expect((await within('cf-k', 2)).loads).toEqual([]);
  await expect(within('cf-k', 8)).rejects.toThrow('7 convolution and linear layers');
});

test('unit drop: zeroes the selected weights and trains nothing', async () => {
  const { loads, trains } = await record(unlearners.get('unit-drop'), { ...base, mask: salunMask });
  expect(trains).toEqual([]);
  for (const { name } of spec.parameters)
    expect([...loads[0]![name]!.data]).toEqual(
      [...original[name]!.data].map((value, i) => (salunMask[name]![i] ? 0 : value)),
    );
  await expect(record(unlearners.get('unit-drop'), base)).rejects.toThrow('needs a mask');
});

test('retrain: starts from fresh parameters and initial statistics', async () => {
  const fresh = { ...initialBuffers(spec), ...reset };
  const { loads, trains } = await record(unlearners.get('retrain'), { ...base, fresh: () => fresh });
  expect(loads[0]!['conv1.weight']).toEqual(reset['conv1.weight']);
  expect([...loads[0]!['bn1.running_mean']!.data]).toEqual(new Array(16).fill(0));
  expect([...loads[0]!['bn1.running_var']!.data]).toEqual(new Array(16).fill(1));
  expect(trains[0]!.recipe).toMatchObject({ epochs: 20, floor: 0.01 });
});

test('random labels: are drawn once per forget example, over all classes, and only for them', async () => {
  const many = Int32Array.from({ length: 3000 }, () => 4);
  const chosen = Int32Array.from({ length: 2000 }, (_, i) => i);
  const draw = async () =>
    (await record(unlearners.get('random-label'), { ...base, labels: many, forget: chosen })).trains[0]!
      .labels!;
  const drawn = await draw();
  expect(drawn.subarray(2000).every((label) => label === 4)).toBe(true);
  const counts = new Array<number>(10).fill(0);
  for (const label of drawn.subarray(0, 2000)) counts[label]!++;
  for (const count of counts) expect(Math.abs(count - 200)).toBeLessThan(60);
  expect(await draw()).toEqual(drawn);
});

test('recalibrate: replays retain batches at rate 0 until the old statistics no longer count', async () => {
  const { trains } = await record(
    unlearners.get('neggrad-plus'),
    { ...base, batches: replay('neggrad+') },
    { epochs: 2, recalibrate: true },
  );
  const { recipe, steps, objective } = trains[1]!;
  expect(recipe).toMatchObject({ lr: 0, weightDecay: 0, epochs: 15 });
  expect(steps(3)).toEqual(replay('neggrad+')(1));
  expect(evaluate(objective, { retain: 2, forget: 3 }).forwards).toEqual(['retain']);
});

test('unlearners: refuse a missing mask, missing labels and wrong ones in one sentence', async () => {
  await expect(record(unlearners.get('salun'), base)).rejects.toThrow('only what a mask selects');
  const some = new Map([...relabels].slice(1));
  await expect(record(unlearners.get('random-label'), { ...base, relabels: some })).rejects.toThrow(
    `no label for forget example ${golden.forget[0]}`,
  );
  const wrong = new Map([...relabels].map(([index]) => [index, 10]));
  await expect(record(unlearners.get('random-label'), { ...base, relabels: wrong })).rejects.toThrow(
    LetheError,
  );
});
