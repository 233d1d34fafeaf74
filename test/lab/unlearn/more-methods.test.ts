import { describe, expect, test } from 'vitest';
import { maskFromFlat, unitLayout } from '../../../src/lab/localize/units';
import { specOfConfig } from '../../../src/lab/nn/models';
import type { ModelSpec } from '../../../src/lab/nn/spec';
import type { Checkpoint } from '../../../src/lab/tensors';
import { cosineRate } from '../../../src/lab/train/schedule';
import type { StepIndices, StreamName } from '../../../src/lab/train/trainer';
import { unlearners } from '../../../src/lab/unlearn';
import { readGolden, tensorsUnder } from '../../support/golden';
import { record } from './fake-context';

/** What the golden case says of MSG, CT and the bad teacher, step by step; numbers are checked on a device elsewhere. */
const { spec: golden, inputs } = readGolden('unlearn-more-resnet');
const spec = specOfConfig(golden.model);
const original = { ...tensorsUnder(inputs, 'param'), ...tensorsUnder(inputs, 'buffer') } as Checkpoint;
const reset = tensorsUnder(inputs, 'reset') as Checkpoint;
const mask = maskFromFlat(unitLayout(spec), inputs.msgMask!.data as Uint8Array);
const base = {
  spec,
  original,
  fresh: () => reset,
  forget: Int32Array.from(golden.forget),
  retain: Int32Array.from(golden.retain),
  labels: inputs.labels!.data as Int32Array,
};
const vit = specOfConfig(readGolden('sgd-vit').spec.model);

type Step = { epoch: number; lr: number; isForget?: number[] } & Partial<Record<StreamName, number[]>>;

const CASES: [id: string, batches: object][] = [
  ['msg', { over: 'retain', batch: 16, dropLast: true }],
  ['ct', { over: 'retain', batch: 16, dropLast: true }],
  ['bad-teacher', { over: 'mixed', batch: 16, dropLast: false }],
];

describe.each(CASES)('%s', (id, batchOptions) => {
  const { steps, hyperparameters } = golden.algorithms[id] as {
    steps: Step[];
    hyperparameters: { lr: number; weightDecay: number };
  };
  const replay = (epoch: number): StepIndices[] =>
    steps
      .filter((step) => step.epoch === epoch)
      .map(({ retain, mixed }) =>
        retain ? { retain: Int32Array.from(retain) } : { mixed: Int32Array.from(mixed!) },
      );

  test('unlearner: asks for the batches and rates of the PyTorch case, and does not change its inputs', async () => {
    const { lr, weightDecay } = hyperparameters;
    const settings = { epochs: golden.epochs, batch: golden.batchSize, lr };
    const before = structuredClone({ original, mask, reset });
    const { trains, batchCalls } = await record(
      unlearners.get(id),
      { ...base, mask: id === 'ct' ? undefined : mask, batches: replay },
      settings,
    );
    expect({ original, mask, reset }).toEqual(before);
    expect(trains).toHaveLength(1);
    const { recipe, steps: stepsOf, schedule } = trains[0]!;
    expect(recipe).toMatchObject({ momentum: 0.9, weightDecay });
    expect([0, 1].flatMap(stepsOf)).toEqual([0, 1].flatMap(replay));
    expect(batchCalls).toContainEqual([1, batchOptions]);
    for (const step of steps)
      expect(schedule?.(step.epoch) ?? cosineRate(recipe, step.epoch)).toBeCloseTo(step.lr, 12);
  });
});

test('MSG: resets what the mask selects, and slows the other convolution weights alone', async () => {
  const { loads, trains } = await record(unlearners.get('msg'), { ...base, mask }, { scale: 0.2 });
  const { gradientScale, trainable } = trains[0]!;
  expect(trainable).toBeUndefined();
  expect(gradientScale!.factor).toBe(0.2);
  for (const { name, kind } of spec.parameters) {
    expect([...loads[0]![name]!.data]).toEqual(
      [...original[name]!.data].map((value, i) => (mask[name]![i] ? reset[name]!.data[i] : value)),
    );
    expect(gradientScale!.mask[name]).toEqual(
      kind === 'conv' ? mask[name]!.map((bit) => 1 - bit) : undefined,
    );
  }
  await expect(record(unlearners.get('msg'), base)).rejects.toThrow(
    'the mask of a strategy such as small-gradient',
  );
});

test('MSG: the rate goes linearly up over half of the epochs, then down', async () => {
  const rates = async (epochs: number) => {
    const { trains } = await record(unlearners.get('msg'), { ...base, mask }, { epochs, lr: 6 });
    return Array.from({ length: epochs }, (_, epoch) => trains[0]!.schedule!(epoch));
  };
  expect(await rates(5)).toEqual([2, 4, 6, 4, 2]);
  expect(await rates(4)).toEqual([3, 6, 4, 2]);
  expect(await rates(1)).toEqual([6]);
});

test('convolution transpose: swaps height and width of every kernel, twice gives the original', async () => {
  const { loads } = await record(unlearners.get('ct'), base);
  const turned = loads[0]!;
  for (const [name, { shape, data }] of Object.entries(original)) {
    const [out, inner, height, width] = shape;
    const expected = data.slice();
    if (shape.length === 4)
      for (let row = 0; row < out! * inner!; row++)
        for (let y = 0; y < height!; y++)
          for (let x = 0; x < width!; x++)
            expected[(row * height! + y) * width! + x] = data[(row * height! + x) * width! + y]!;
    expect(turned[name]!.data, name).toEqual(expected);
  }
  const again = await record(unlearners.get('ct'), { ...base, original: turned });
  expect(again.loads[0]).toEqual(original);
});

test('convolution transpose: networks without kernels and kernels that are not square are refused by name', () => {
  const { unfit } = unlearners.get('ct');
  expect(unfit!(spec)).toBeUndefined();
  expect(unfit!(vit)).toMatch(/has none: choose another method/);
  const oblong: ModelSpec = {
    ...spec,
    parameters: spec.parameters.map((parameter) =>
      parameter.name === 'layer2.0.conv1.weight' ? { ...parameter, shape: [32, 16, 1, 9] } : parameter,
    ),
  };
  expect(unfit!(oblong)).toMatch(/those of layer2\.0\.conv1\.weight are 1×9/);
});

test('bad teacher: the original teaches what is retained, a fresh network with fresh statistics what is forgotten', async () => {
  const loads: Checkpoint[] = [];
  const { trains } = await record(unlearners.get('bad-teacher'), {
    ...base,
    load: async (weights) => void loads.push(weights),
    // The number of loads before tells the networks apart.
    outputs: async (indices) => Float32Array.from({ length: 10 * indices.length }, () => loads.length),
  });
  const { outputs } = trains[0]!.teacher as { outputs: Float32Array };
  const forgotten = new Set(golden.forget);
  base.labels.forEach((_, example) => {
    const own = outputs.subarray(10 * example, 10 * (example + 1));
    expect(own).toEqual(new Float32Array(10).fill(forgotten.has(example) ? 1 : 0));
  });
  for (const { name } of spec.parameters) expect(loads[0]![name]).toBe(reset[name]);
  expect(loads[0]!['bn1.running_mean']!.data).toEqual(new Float32Array(16));
  expect(loads[0]!['bn1.running_var']!.data).toEqual(new Float32Array(16).fill(1));
  expect(loads[1]).toBe(original);
  const augmented = await record(unlearners.get('bad-teacher'), { ...base, augments: true });
  expect(augmented.trains[0]!.teacher).toMatchObject({ weights: original, other: { examples: base.forget } });
  for (const { steps } of [golden.algorithms['bad-teacher'] as { steps: Step[] }])
    for (const { mixed, isForget } of steps)
      expect(mixed!.map((example) => Number(forgotten.has(example)))).toEqual(isForget);
});
