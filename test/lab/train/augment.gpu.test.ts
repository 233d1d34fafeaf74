import { expect, test } from 'vitest';
import type { Dataset } from '../../../src/lab/data/dataset';
import { initialise } from '../../../src/lab/nn/initialise';
import { specOf } from '../../../src/lab/nn/models';
import { randomStream } from '../../../src/lab/rng';
import { defaultSettings } from '../../../src/lab/settings';
import { unlearnContext } from '../../../src/lab/stages/common/unlearn';
import { recipeFrom } from '../../../src/lab/study/recipe';
import { epochBatches } from '../../../src/lab/train/batches';
import type { TrainState } from '../../../src/lab/train/engine';
import { openEngine } from '../../../src/lab/train/open-engine';
import type { TrainRequest } from '../../../src/lab/train/trainer';
import { badTeacher } from '../../../src/lab/unlearn/bad-teacher';
import { scrub } from '../../../src/lab/unlearn/scrub';
import { neverPaused } from '../../support/golden-study';
import { noiseData } from '../../support/noise-data';

const COUNT = 24;

const dataset: Dataset = {
  ...noiseData(COUNT, [10, 10, 3]),
  normalise: { mean: [0.5, 0.4, 0.3], std: [0.2, 0.3, 0.4] },
  augment: { size: 8, crop: { scale: [0.3, 1], ratio: [0.75, 4 / 3] }, flip: true },
};
// A ViT accepts only images of its own size, so it would fail on images that were not cropped.
const spec = specOf(
  {
    config: {
      kind: 'vit',
      image: 8,
      patch: 4,
      dim: 8,
      depth: 1,
      heads: 1,
      dimHead: 4,
      mlpDim: 8,
      classes: 3,
      channels: 3,
    },
  },
  dataset,
);
const source = {
  retain: Int32Array.from({ length: COUNT }, (_, index) => index),
  forget: new Int32Array(),
  random: (...path: (string | number)[]) => randomStream(0, ...path),
};

const request = (augment?: TrainRequest['augment']): TrainRequest => ({
  objective: ({ retain }, { logits, crossEntropy }) => crossEntropy(logits(retain!), retain!.labels),
  recipe: { epochs: 2, lr: 0.1, batch: 8, momentum: 0.9, weightDecay: 0, floor: 1 },
  steps: (epoch) => epochBatches(source, epoch, { over: 'retain', batch: 8, dropLast: true }),
  augment,
});

test('augmented training: gives the same bits on the tape, replayed and resumed, and others with another stream', async () => {
  /** Two epochs of a fresh engine: losses, weights, and the state between the epochs. */
  async function trained(options: {
    capture: boolean;
    augment?: TrainRequest['augment'];
    resume?: TrainState;
  }) {
    const engine = await openEngine({ capture: options.capture });
    await engine.useDataset(dataset);
    const model = await engine.createModel(spec);
    await model.load(initialise(spec, 0));
    const states: TrainState[] = [];
    const report = await model.train(request(options.augment), neverPaused, {
      resume: options.resume,
      onState: async (_, read) => {
        states.push(await read());
      },
    });
    const result = { losses: report.losses, weights: await model.snapshot(), state: states[0]! };
    engine.dispose();
    return result;
  }
  const augment = randomStream(0, 'augment');
  const replayed = await trained({ capture: true, augment });
  expect(await trained({ capture: false, augment })).toEqual(replayed);
  const resumed = await trained({ capture: true, augment, resume: replayed.state });
  expect(resumed.losses).toEqual(replayed.losses);
  expect(resumed.weights).toEqual(replayed.weights);
  const others = [randomStream(1, 'augment'), undefined];
  for (const other of others)
    expect((await trained({ capture: true, augment: other })).losses).not.toEqual(replayed.losses);
});

test.each([
  [scrub, { msteps: 0, ceWeight: 0, klWeight: 1 }, 2],
  [badTeacher, {}, 3],
])(
  'teacher: sees the crops that the network sees, so a network that still equals it has no distance to it',
  async (...of) => {
    const [method, own, steps] = of;
    const engine = await openEngine();
    await engine.useDataset(dataset);
    const model = await engine.createModel(spec);
    const original = initialise(spec, 0);
    await model.load(original);
    const settings = {
      ...defaultSettings(method.settings),
      epochs: 1,
      batch: 8,
      ...own,
    };
    const losses: number[] = [];
    await method.run(
      unlearnContext(model, {
        spec,
        seed: 0,
        settings,
        recipe: recipeFrom(settings),
        original,
        // Of a bad teacher that knows as much as the good one.
        reset: original,
        forget: Int32Array.of(0),
        retain: source.retain.subarray(1),
        labels: dataset.train.labels,
        augments: true,
        classes: 3,
        async train(request) {
          const report = await model.train(request, neverPaused);
          losses.push(...report.losses);
          return report;
        },
      }),
    );
    engine.dispose();
    // The distance's gradients are rounding errors, too small to move a weight.
    expect(losses).toHaveLength(steps);
    for (const loss of losses) expect(Math.abs(loss)).toBeLessThan(1e-5);
  },
);
