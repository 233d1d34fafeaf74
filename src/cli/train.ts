import { encodeCheckpoint } from '../lab/nn/checkpoint';
import { randomStream } from '../lab/rng';
import { upTo } from '../lab/session/samples';
import { freshWeights } from '../lab/session/seeds';
import { classify } from '../lab/session/training';
import { RECIPE_SETTINGS, recipeFrom } from '../lab/study/recipe';
import { epochBatches } from '../lab/train/batches';
import type { Command } from './command';
import { shared, withDevice, writeLog, writeOutput } from './common';
import { loadData, loadIndices, loadOrder, loadSpec, loadWeights, readNumber, readSettings } from './inputs';

export const train: Command = {
  name: 'train',
  summary: 'Trains a network on all images or a subset and writes its weights.',
  options: {
    model: shared.model,
    data: shared.data,
    out: { value: 'W', help: 'where the weights go', required: true },
    subset: { value: 'IDX', help: 'JSON list of the images to train on; default: all' },
    weights: { value: 'W', help: 'weights to start from; default: fresh ones' },
    order: shared.order,
    set: shared.set,
    seed: shared.seed,
    log: shared.log,
  },
  notes: [
    `Settings: ${RECIPE_SETTINGS.map((setting) => `${setting.name} (${setting.default})`).join(', ')}.`,
  ],
  async run(args, context) {
    const settings = readSettings(RECIPE_SETTINGS, args.all('set'));
    const seed = readNumber('seed', args.text('seed') ?? '0', 'whole');
    const data = await loadData(args.need('data'), context.root);
    const spec = await loadSpec(args.need('model'), data);
    const { count } = data.train;
    const subset = args.text('subset');
    const retain = subset ? await loadIndices(subset, count) : upTo(count);
    const order = await loadOrder(args.text('order'), count);
    const start = args.text('weights');
    const weights = start ? await loadWeights(start, spec) : freshWeights(spec, seed, 'original');
    const recipe = recipeFrom(settings);
    const random = (...path: (string | number)[]) => randomStream(seed, 'pretrain', ...path);
    const source = { retain, forget: new Int32Array(), random, order };
    const { report, trained } = await withDevice(spec, data, context, async ({ model, control }) => {
      await model.load(weights);
      const done = await model.train(
        {
          objective: classify,
          recipe,
          augment: random('augment'),
          steps: (epoch) =>
            epochBatches(source, epoch, { over: 'retain', batch: recipe.batch, dropLast: true }),
        },
        control('train'),
      );
      return { report: done, trained: await model.snapshot() };
    });
    await writeOutput(args.need('out'), encodeCheckpoint(spec, trained));
    await writeLog(args.text('log'), [report]);
  },
};
