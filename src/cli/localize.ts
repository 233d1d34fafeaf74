import { cutSetting } from '../lab/localize/cut/budget';
import type { GradientOver, Localizer, Probe } from '../lab/localize/localizer';
import { maskShare } from '../lab/localize/mask-shares';
import { perExampleText } from '../lab/localize/per-example';
import { scoresFile } from '../lab/localize/scores-codec';
import { checkFit } from '../lab/nn/fit';
import { encodeSafetensors } from '../lab/nn/safetensors';
import { registries } from '../lab/session/all-registries';
import { LetheError, type Settings, settingProblem } from '../lab/settings';
import { encodeMask } from '../lab/stages/common/artifact';
import { accumulatedGradient, probeOf, selectMask } from '../lab/stages/common/localize';
import { type Command, type CommandContext, settingNotes } from './command';
import { type OpenNetwork, readingOptions, sharedOptions, withDevice, writeOutput } from './common';
import {
  loadData,
  loadNetwork,
  loadOrder,
  loadSets,
  normalisedData,
  numberingOf,
  readNumber,
  readSettings,
} from './inputs';

/** What an order's "score" names for each kind of gradient. */
const SCORE_BATCHES: Record<GradientOver, string> = {
  forget: '"score.forget"',
  train: '"score.train"',
  contrast: '"score.retain" and "score.forget"',
};

const idsOver = (over: string) =>
  registries.localizers.entries.flatMap(({ id, needs }) => (needs.gradient === over ? [id] : [])).join(', ');

export const localizeCommand: Command = {
  name: 'localize',
  summary: 'Finds the parameters that hold the forget set and writes the mask.',
  options: {
    model: sharedOptions.model,
    weights: sharedOptions.weights,
    data: sharedOptions.data,
    forget: sharedOptions.forget,
    retain: sharedOptions.retain,
    ...readingOptions,
    strategy: {
      value: 'ID',
      help: registries.localizers.entries.map(({ id }) => id).join(', '),
      required: true,
    },
    alpha: { value: 'A', help: 'share of the parameters that may be selected, 0 to 1; default 0.3' },
    cut: { value: 'CUT', help: 'whole-channel (default) or exact' },
    order: { value: 'O', help: 'JSON file whose "score" gives the exact batches of the gradient' },
    set: sharedOptions.set,
    seed: sharedOptions.seed,
    out: { value: 'MASK', help: 'where the mask goes', required: true, written: true },
    scores: { value: 'FILE', help: 'writes the scores and the raw gradient, too', written: true },
    verbose: sharedOptions.verbose,
  },
  notes: [
    'Settings (--set) of each strategy and their defaults; docs/methods.md explains them:',
    ...settingNotes(registries.localizers.entries),
    'The scores file holds a score for every weight under the name of its parameter, and the gradient as G.<name>.',
    'An --order names batches of the sets that a strategy’s gradient is taken over:',
    ...Object.entries(SCORE_BATCHES).map(([over, batches]) => `  ${batches} for ${idsOver(over)}`),
  ],
  async run(args, context) {
    const localizer = registries.localizers.get(args.need('strategy'));
    const settings = readSettings(localizer.settings, args.all('set'));
    const cut = args.text('cut');
    if (cut) Object.assign(settings, pickCut(localizer, cut, context));
    const alpha = readNumber('alpha', args.text('alpha') ?? '0.3', 'share');
    const seed = readNumber('seed', args.text('seed') ?? '0', 'whole');
    const stored = await loadData(args, context);
    const numbering = numberingOf(stored, args);
    const { forget, retain } = await loadSets(args.need('forget'), args.text('retain'), numbering, context);
    const listener = { ...context, verbose: args.has('verbose') };
    const network = await loadNetwork(args.need('model'), stored, args.need('weights'), listener);
    const { spec, weights } = network;
    checkFit(localizer, spec);
    const data = normalisedData(stored, args, network.normalise, listener);
    const order = await loadOrder(args.text('order'), numbering);
    const over = localizer.needs.gradient;
    // All images, or with --retain those that the weights were trained on.
    const train = Int32Array.from([...forget, ...retain]).sort();
    const sets = { forget, retain, train, seed, score: order?.score };
    const localized = async (open?: OpenNetwork) => {
      await open?.model.load(weights);
      const gradient =
        open &&
        over &&
        (await accumulatedGradient(over, sets, (batches) =>
          open.model.gradient(batches, open.control('localize')),
        ));
      const probe = open && probeOfOpen(open, { forget, labels: data.train.labels, seed });
      const scores = await localizer.score({ spec, weights, gradient, probe }, settings);
      const mask = await selectMask(localizer, spec, scores, settings, { alpha, seed }, open?.model);
      return { gradient, scores, mask };
    };
    const needsDevice = over !== undefined || localizer.needs.model;
    const { gradient, scores, mask } = await (needsDevice
      ? withDevice(spec, data, context, localized)
      : localized());
    await writeOutput(args.need('out'), encodeSafetensors(encodeMask(spec, mask), { lethe: 'mask' }));
    if (scores.perExample) {
      const budget = (100 * maskShare(mask)).toFixed(1);
      context.stderr(`${perExampleText(scores.perExample)}: the mask holds ${budget} % of the parameters.\n`);
    }
    const scoresPath = args.text('scores');
    if (scoresPath)
      await writeOutput(
        scoresPath,
        encodeSafetensors(scoresFile(spec, scores, gradient), { lethe: 'scores' }),
      );
  },
};

/** `--cut` as a setting. Strategies without a cut (everything, a mask by hand) ignore it, which is said on stderr. */
function pickCut(localizer: Localizer, cut: string, { stderr }: CommandContext): Settings {
  const problem = settingProblem(cutSetting, cut);
  if (problem) throw new LetheError(problem);
  if (localizer.settings.some(({ name }) => name === cutSetting.name)) return { [cutSetting.name]: cut };
  stderr(`${localizer.label} knows no cut: --cut changes nothing.\n`);
  return {};
}

/** For strategies that ask the model about single examples: the open model as a probe that prints how many are done. */
function probeOfOpen(
  { model, control }: OpenNetwork,
  about: Pick<Probe, 'forget' | 'labels'> & { seed: number },
): Probe {
  const shown = control('localize');
  return probeOf(model, {
    ...about,
    control: () => control(),
    progress: (done, total) => shown.tick({ done, total, counted: 'images', examples: done }),
  });
}
