import { scoresFile } from '../lab/localize/scores-codec';
import { encodeSafetensors } from '../lab/nn/safetensors';
import { registries } from '../lab/session/all-registries';
import { encodeMask } from '../lab/session/artifact';
import { gradientBatches, selectMask } from '../lab/session/localize';
import { upTo } from '../lab/session/samples';
import type { ParameterTensors } from '../lab/tensors';
import type { LiveModel } from '../lab/train/engine';
import type { Command } from './command';
import { shared, withDevice, writeOutput } from './common';
import { loadData, loadIndices, loadOrder, loadSpec, loadWeights, readNumber, readSettings } from './inputs';

export const localize: Command = {
  name: 'localize',
  summary: 'Finds the parameters that hold the forget set and writes the mask.',
  options: {
    model: shared.model,
    weights: shared.weights,
    data: shared.data,
    forget: shared.forget,
    strategy: {
      value: 'ID',
      help: registries.localizers.entries.map(({ id }) => id).join(', '),
      required: true,
    },
    alpha: { value: 'A', help: 'share of the parameters that may be selected, 0 to 1; default 0.3' },
    cut: { value: 'CUT', help: 'whole-channel (default) or exact' },
    order: { value: 'O', help: 'JSON file whose "score" gives the exact batches of the gradient' },
    set: shared.set,
    seed: shared.seed,
    out: { value: 'MASK', help: 'where the mask goes', required: true },
    scores: { value: 'FILE', help: 'writes the scores and the raw gradient, too' },
  },
  async run(args, context) {
    const localizer = registries.localizers.get(args.need('strategy'));
    const cut = args.text('cut');
    const settings = readSettings(localizer.settings, [...args.all('set'), ...(cut ? [`cut=${cut}`] : [])]);
    const alpha = readNumber('alpha', args.text('alpha') ?? '0.3', 'share');
    const seed = readNumber('seed', args.text('seed') ?? '0', 'whole');
    const data = await loadData(args.need('data'), context.root);
    const spec = await loadSpec(args.need('model'), data);
    const { count } = data.train;
    const forget = await loadIndices(args.need('forget'), count);
    const order = await loadOrder(args.text('order'), count);
    const weights = await loadWeights(args.need('weights'), spec);
    const over = localizer.needs.gradient;
    const batches = over && (order?.score[over] ?? gradientBatches(over === 'forget' ? forget : upTo(count)));
    const select = async (gradient?: ParameterTensors, model?: LiveModel) => {
      const scores = localizer.score({ spec, weights, gradient }, settings);
      const mask = await selectMask(localizer, spec, scores, settings, { alpha, seed }, model);
      return { gradient, scores, mask };
    };
    const { gradient, scores, mask } = batches
      ? await withDevice(spec, data, context, async ({ model, control }) => {
          await model.load(weights);
          return select(await model.gradient(batches, control('localize')), model);
        })
      : await select();
    await writeOutput(args.need('out'), encodeSafetensors(encodeMask(spec, mask)));
    const scoresPath = args.text('scores');
    if (scoresPath) await writeOutput(scoresPath, encodeSafetensors(scoresFile(spec, scores, gradient)));
  },
};
