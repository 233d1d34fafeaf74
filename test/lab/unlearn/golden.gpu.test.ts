import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { maskFromFlat, unitLayout } from '../../../src/lab/localize/units';
import { specOfConfig } from '../../../src/lab/nn/models';
import { unlearnContext } from '../../../src/lab/session/unlearn';
import { defaultSettings, type Settings } from '../../../src/lab/settings';
import { recipeFrom } from '../../../src/lab/study/recipe';
import type { Checkpoint } from '../../../src/lab/tensors';
import type { Engine } from '../../../src/lab/train/engine';
import { openEngine } from '../../../src/lab/train/open-engine';
import { parseOrder } from '../../../src/lab/train/order';
import type { StreamName, TrainReport } from '../../../src/lab/train/trainer';
import { unlearners } from '../../../src/lab/unlearn';
import { resetSelected, withHead } from '../../../src/lab/unlearn/reset-finetune';
import { deviation, readGolden, under } from '../../support/golden';
import { goldenDataset, goldenWeights, running, update } from '../../support/golden-study';
import '../../support/tolerance';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.dispose());

const METHODS: Record<string, string> = {
  rft: 'reset-finetune',
  ft: 'finetune',
  'neggrad+': 'neggrad-plus',
  ga: 'gradient-ascent',
  rl: 'random-label',
  salun: 'salun',
  l1: 'l1-sparse',
  scrub: 'scrub',
  ssd: 'ssd',
  iu: 'influence',
};
/** Hyper-parameters that the cases call otherwise than the settings do. */
const NAMES: Record<string, Record<string, string>> = {
  scrub: { T: 'temperature', alpha: 'klWeight', gamma: 'ceWeight' },
  ssd: { alpha: 'select' },
  iu: { alpha: 'scale', N: 'samples' },
};
const MASKS: Record<string, string> = { rft: 'rftMask', salun: 'salunMask' };

type Step = { epoch: number; loss: number } & Partial<Record<StreamName, number[]>>;

/** The case's steps as an order file has them. */
function orderOf({ steps = [], stream }: { steps?: Step[]; stream?: number[] }) {
  const epochs: Partial<Record<StreamName, number[][]>>[] = [];
  for (const step of steps) {
    const epoch = (epochs[step.epoch] ??= {});
    for (const stream of ['retain', 'forget', 'mixed'] as const)
      if (step[stream]) (epoch[stream] ??= []).push(step[stream]);
  }
  return { epochs, stream };
}

describe.each(['unlearn-resnet', 'unlearn-vit'])('%s', (name) => {
  const golden = readGolden(name);
  const { inputs, expected, spec: facts } = golden;
  const spec = specOfConfig(facts.model);
  const dataset = goldenDataset(golden);
  const cases = Object.keys(METHODS).filter((algorithm) => algorithm in facts.algorithms);

  test.each(cases)('%s: losses, weights, frozen bits and running statistics', async (algorithm) => {
    const { hyperparameters, steps = [] } = facts.algorithms[algorithm];
    const { lr, lrFloor, ...rest } = hyperparameters;
    const own = Object.fromEntries(
      Object.entries<number>(rest).map(([key, value]) => [NAMES[algorithm]?.[key] ?? key, value]),
    );
    const method = unlearners.get(METHODS[algorithm]!);
    const settings: Settings = {
      ...defaultSettings(method.settings),
      ...own,
      lr: lr ?? 0,
      floor: lrFloor ?? 1,
      epochs: facts.epochs,
      batch: facts.batchSize,
    };
    const original = goldenWeights(golden);
    const flat = MASKS[algorithm] && inputs[MASKS[algorithm]!];
    const mask = flat ? maskFromFlat(unitLayout(spec), flat.data as Uint8Array) : undefined;
    const reset = under(inputs, 'reset') as Checkpoint;
    await engine.useDataset(dataset);
    const model = await engine.createModel(spec);
    await model.load(original);
    const reports: TrainReport[] = [];
    await method.run(
      unlearnContext(model, {
        spec,
        seed: 0,
        settings,
        recipe: recipeFrom(settings),
        original,
        mask,
        reset,
        forget: Int32Array.from(facts.forget),
        retain: Int32Array.from(facts.retain),
        labels: dataset.train.labels,
        classes: facts.model.classes,
        relabels: new Map<number, number>(facts.relabel),
        order: parseOrder(orderOf(facts.algorithms[algorithm]), dataset.train.count),
        train: async (request) => {
          const report = await model.train(request, running);
          reports.push(report);
          return report;
        },
      }),
    );
    const end = await model.snapshot();
    model.dispose();

    const within = (group: string) => facts.tolerance[`${algorithm}.${group}`];
    const losses = { losses: { data: steps.map((step: Step) => step.loss) } };
    if (steps.length > 0)
      expect(deviation({ losses: { data: reports[0]!.losses } }, losses)).toBeWithin(within('losses'));
    else expect(reports).toEqual([]);
    const parameters = under(expected, `${algorithm}.param`);
    expect(deviation(end, parameters)).toBeWithin(within('param'));
    const start = algorithm === 'rft' ? resetSelected(spec, original, reset, mask) : original;
    expect(deviation(update(end, start), update(parameters, start))).toBeWithin(within('update'));
    if (within('running'))
      expect(deviation(end, under(expected, `${algorithm}.running`))).toBeWithin(within('running'));
    const free = mask && (algorithm === 'rft' ? withHead(spec, mask) : mask);
    for (const [parameter, bits] of Object.entries(free ?? {}))
      bits.forEach((bit, i) => {
        if (!bit) expect(end[parameter]!.data[i]).toBe(original[parameter]!.data[i]);
      });
  });
});
