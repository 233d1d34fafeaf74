import { encodeCheckpoint } from '../lab/nn/checkpoint';
import { upTo } from '../lab/plan/samples';
import { randomStream } from '../lab/rng';
import { freshWeights } from '../lab/stages/common/fresh-weights';
import { RECIPE_SETTINGS, recipeFrom } from '../lab/study/recipe';
import { epochBatches } from '../lab/train/batches';
import { crossEntropyOn } from '../lab/unlearn/steps';
import { type Command, settingNotes } from './command';
import { sharedOptions, trainKeepingWeights, withDevice, writeLog, writeOutput } from './common';
import {
  loadData,
  loadNetwork,
  loadNonEmptyList,
  loadOrder,
  normalisedData,
  numberingOf,
  readNumber,
  readSettings,
  settingsForOrder,
} from './inputs';

export const trainCommand: Command = {
  name: 'train',
  summary: 'Trains a network on all images or a subset and writes its weights.',
  options: {
    model: sharedOptions.model,
    data: sharedOptions.data,
    out: { value: 'W', help: 'where the weights go', required: true, written: true },
    subset: { value: 'IDX', help: 'list of the images to train on; default: all' },
    weights: { value: 'W', help: 'weights to start from; default: fresh ones' },
    mean: sharedOptions.mean,
    std: sharedOptions.std,
    order: sharedOptions.order,
    'label-column': sharedOptions['label-column'],
    'order-of': sharedOptions['order-of'],
    set: sharedOptions.set,
    seed: sharedOptions.seed,
    log: sharedOptions.log,
    verbose: sharedOptions.verbose,
  },
  notes: [
    'Settings (--set) and their defaults:',
    ...settingNotes([{ id: 'train', settings: RECIPE_SETTINGS }]),
    'With --order the batches are those of its "retain" (or "mixed") lists.',
    'A training that ends early leaves the weights after its last whole epoch.',
  ],
  async run(args, context) {
    const given = readSettings(RECIPE_SETTINGS, args.all('set'));
    const seed = readNumber('seed', args.text('seed') ?? '0', 'whole');
    const stored = await loadData(args, context);
    const listener = { ...context, verbose: args.has('verbose') };
    const network = await loadNetwork(args.need('model'), stored, args.text('weights'), listener);
    const { spec, weights } = network;
    const data = normalisedData(stored, args, network.normalise, listener);
    const numbering = numberingOf(data, args);
    const subset = args.text('subset');
    const retain = subset
      ? await loadNonEmptyList(subset, numbering, context, 'subset')
      : upTo(numbering.count);
    const order = await loadOrder(args.text('order'), numbering);
    const recipe = recipeFrom(settingsForOrder(given, args.all('set'), order));
    const random = (...path: (string | number)[]) => randomStream(seed, 'pretrain', ...path);
    const source = { retain, forget: new Int32Array(), random, order };
    // Plain training knows no forget set, so the order's batches may stand under any name.
    const over = order?.has('mixed') && !order.has('retain') ? 'mixed' : 'retain';
    const out = args.need('out');
    // What a part of the images is for, only whoever chose it knows: an oracle, a subset model.
    const kind = subset ? 'weights' : 'original';
    const mark = { lethe: kind, normalise: data === stored ? undefined : data.normalise } as const;
    const { report, trained } = await withDevice(spec, data, context, async ({ model, control }) => {
      await model.load(weights ?? freshWeights(spec, seed, 'original'));
      const done = await trainKeepingWeights(
        model,
        {
          objective: crossEntropyOn(over),
          recipe,
          augment: random('augment'),
          steps: (epoch) => epochBatches(source, epoch, { over, batch: recipe.batch, dropLast: true }),
        },
        control('train'),
        { out, mark },
      );
      return { report: done, trained: await model.snapshot() };
    });
    await writeOutput(out, encodeCheckpoint(spec, trained, mark));
    await writeLog(args.text('log'), [report]);
  },
};
