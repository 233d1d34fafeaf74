import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { distillation } from '../../../src/lab/gpu/distillation';
import { initialise } from '../../../src/lab/nn/initialise';
import { specOfConfig } from '../../../src/lab/nn/models';
import { randomStream } from '../../../src/lab/rng';
import { defaultSettings } from '../../../src/lab/settings';
import { unlearnContext } from '../../../src/lab/stages/common/unlearn';
import { recipeFrom } from '../../../src/lab/study/recipe';
import type { TrainState } from '../../../src/lab/train/engine';
import { openEngine } from '../../../src/lab/train/open-engine';
import type { Objective, ObjectiveTools } from '../../../src/lab/train/trainer';
import { badTeacher } from '../../../src/lab/unlearn/bad-teacher';
import { deviceForTests } from '../../support/device';
import { neverPaused } from '../../support/golden-study';
import { checkOperation, normals } from '../../support/reference';
import { record } from './fake-context';

const COUNT = 24;
const CLASSES = 3;
const spec = specOfConfig({
  kind: 'resnet',
  stem: 'cifar',
  block: 'basic',
  layers: [1],
  widths: [4],
  inChannels: 1,
  classes: CLASSES,
});
const stream = randomStream(0, 'images');
const split = {
  images: Uint8Array.from({ length: COUNT * 64 }, () => stream.below(256)),
  labels: Int32Array.from({ length: COUNT }, (_, i) => i % CLASSES),
  count: COUNT,
};
const sets = {
  forget: Int32Array.of(1, 5, 6, 20),
  retain: split.labels.map((_, i) => i).filter((i) => ![1, 5, 6, 20].includes(i)),
  labels: split.labels,
};
const original = initialise(spec, 0);

/** Trains with the teachers' outputs in a table, or with the teachers themselves. */
async function trained(augments: boolean) {
  const engine = await openEngine();
  await engine.useDataset({
    id: 'noise',
    classes: ['a', 'b', 'c'],
    shape: [8, 8, 1],
    train: split,
    test: split,
  });
  const model = await engine.createModel(spec);
  await model.load(original);
  // Five batches of 5: the last holds 4.
  const settings = { ...defaultSettings(badTeacher.settings), epochs: 2, batch: 5, temperature: 2 };
  const states: TrainState[] = [];
  const losses: number[] = [];
  await badTeacher.run(
    unlearnContext(model, {
      ...sets,
      spec,
      seed: 0,
      settings,
      recipe: recipeFrom(settings),
      original,
      augments,
      classes: CLASSES,
      async train(request) {
        const report = await model.train(request, neverPaused, {
          onState: async (_, read) => void states.push(await read()),
        });
        losses.push(...report.losses);
        return report;
      },
    }),
  );
  const weights = await model.snapshot();
  engine.dispose();
  return { losses, weights };
}

test('bad teacher: is the same whether its teachers are asked each time or once, and has the same bits twice', async () => {
  const [once, each] = [await trained(false), await trained(true)];
  expect(once.losses).toHaveLength(10);
  expect(once.losses[0]).toBeGreaterThan(1e-4);
  for (const [i, loss] of each.losses.entries()) expect(loss).toBeCloseTo(once.losses[i]!, 5);
  expect(await trained(false)).toEqual(once);
});

describe('objective', () => {
  deviceForTests();

  test('bad teacher: its objective and gradient are those of the formula', async () => {
    const rows = 6;
    const teacher = normals('teacher', [rows, CLASSES]);
    const target = tf.tensor2d(teacher, [rows, CLASSES]);
    for (const temperature of [1, 3]) {
      const { trains } = await record(
        badTeacher,
        { ...sets, spec, original, classes: CLASSES },
        { temperature },
      );
      const { objective, scalars } = trains[0]!;
      const share = tf.scalar(scalars!(0).share!);
      const softmax = (logits: ArrayLike<number>, row: number) => {
        const powers = Array.from({ length: CLASSES }, (_, c) =>
          Math.exp(logits[row * CLASSES + c]! / temperature),
        );
        const sum = powers.reduce((total, power) => total + power, 0);
        return powers.map((power) => power / sum);
      };
      await checkOperation({
        name: `bad teacher/${temperature}`,
        shapes: [[rows, CLASSES]],
        op: (student) => {
          const tools = { tf, distillation, logits: () => student } as unknown as ObjectiveTools;
          const batches = { mixed: { teacher: target } } as unknown as Parameters<Objective>[0];
          return tf.tidy(() => objective(batches, tools, { share }));
        },
        reference: (student) => {
          let sum = 0;
          for (let row = 0; row < rows; row++) {
            const [wanted, own] = [softmax(teacher, row), softmax(student!, row)];
            wanted.forEach((p, c) => {
              sum += p * (Math.log(p) - Math.log(own[c]!));
            });
          }
          return [sum / (rows * CLASSES)];
        },
      });
    }
  });
});
