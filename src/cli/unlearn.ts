import { encodeCheckpoint } from '../lab/nn/checkpoint';
import { registries } from '../lab/session/all-registries';
import { unlearnContext } from '../lab/session/unlearn';
import { LetheError } from '../lab/settings';
import { recipeFrom } from '../lab/study/recipe';
import type { TrainReport } from '../lab/train/trainer';
import type { Command } from './command';
import { shared, withDevice, writeLog, writeOutput } from './common';
import {
  loadData,
  loadMask,
  loadOrder,
  loadRelabels,
  loadSets,
  loadSpec,
  loadWeights,
  readNumber,
  readSettings,
} from './inputs';

export const unlearn: Command = {
  name: 'unlearn',
  summary: 'Makes trained weights forget and writes the new ones.',
  options: {
    model: shared.model,
    weights: shared.weights,
    data: shared.data,
    forget: shared.forget,
    retain: shared.retain,
    method: {
      value: 'ID',
      help: registries.unlearners.entries.map(({ id }) => id).join(', '),
      required: true,
    },
    mask: { value: 'K', help: 'mask of the parameters that may change; default: all' },
    'reset-weights': { value: 'W0', help: 'weights for what is reset; default: freshly drawn' },
    relabels: { value: 'L', help: 'JSON object with the wrong labels, {"index": label}' },
    order: shared.order,
    set: shared.set,
    seed: shared.seed,
    out: { value: 'W', help: 'where the weights go', required: true },
    log: shared.log,
  },
  async run(args, context) {
    const method = registries.unlearners.get(args.need('method'));
    const settings = readSettings(method.settings, args.all('set'));
    const seed = readNumber('seed', args.text('seed') ?? '0', 'whole');
    const maskPath = args.text('mask');
    if (maskPath && !method.takesMask) throw new LetheError(`${method.label} takes no mask.`);
    const data = await loadData(args.need('data'), context.root);
    const spec = await loadSpec(args.need('model'), data);
    const { count, labels } = data.train;
    const sets = await loadSets(args.need('forget'), args.text('retain'), count);
    const order = await loadOrder(args.text('order'), count);
    const original = await loadWeights(args.need('weights'), spec);
    const mask = maskPath ? await loadMask(maskPath, spec) : undefined;
    const [resetPath, relabelsPath] = [args.text('reset-weights'), args.text('relabels')];
    const reset = resetPath ? await loadWeights(resetPath, spec) : undefined;
    const relabels = relabelsPath ? await loadRelabels(relabelsPath, data) : undefined;
    const reports: TrainReport[] = [];
    const unlearned = await withDevice(spec, data, context, async ({ model, control }) => {
      await model.load(original);
      const unlearning = unlearnContext(model, {
        ...sets,
        spec,
        seed,
        settings,
        recipe: recipeFrom(settings),
        original,
        mask,
        labels,
        classes: data.classes.length,
        reset,
        relabels,
        order,
        control: () => control(method.id),
        async train(request) {
          const report = await model.train(request, control(method.id));
          reports.push(report);
          return report;
        },
      });
      await method.run(unlearning);
      return model.snapshot();
    });
    await writeOutput(args.need('out'), encodeCheckpoint(spec, unlearned));
    await writeLog(args.text('log'), reports);
  },
};
