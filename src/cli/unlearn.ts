import { encodeCheckpoint } from '../lab/nn/checkpoint';
import { checkFit } from '../lab/nn/fit';
import { registries } from '../lab/session/all-registries';
import { LetheError } from '../lab/settings';
import { unlearnContext } from '../lab/stages/common/unlearn';
import { RECIPE_SETTINGS, recipeFrom } from '../lab/study/recipe';
import { parseAssignment } from '../lab/study/set';
import type { TrainReport } from '../lab/train/trainer';
import type { Unlearner } from '../lab/unlearn/unlearner';
import { type Command, type CommandContext, settingNotes } from './command';
import {
  readingOptions,
  sharedOptions,
  trainKeepingWeights,
  withDevice,
  writeLog,
  writeOutput,
} from './common';
import {
  loadData,
  loadMask,
  loadNetwork,
  loadOrder,
  loadRelabels,
  loadSets,
  loadWeights,
  normalisedData,
  numberingOf,
  readNumber,
  readSettings,
  settingsForOrder,
} from './inputs';

export const unlearnCommand: Command = {
  name: 'unlearn',
  summary: 'Makes trained weights forget and writes the new ones.',
  options: {
    model: sharedOptions.model,
    weights: sharedOptions.weights,
    data: sharedOptions.data,
    forget: sharedOptions.forget,
    retain: sharedOptions.retain,
    ...readingOptions,
    method: {
      value: 'ID',
      help: registries.unlearners.entries.map(({ id }) => id).join(', '),
      required: true,
    },
    mask: { value: 'K', help: 'mask of the parameters that may change; default: all' },
    'reset-weights': { value: 'W0', help: 'weights for what is reset; default: freshly drawn' },
    relabels: { value: 'L', help: 'JSON object with the wrong labels, {"index": label}' },
    order: sharedOptions.order,
    set: sharedOptions.set,
    seed: sharedOptions.seed,
    out: { value: 'W', help: 'where the weights go', required: true, written: true },
    log: sharedOptions.log,
    verbose: sharedOptions.verbose,
  },
  notes: [
    'Settings (--set) of each method and their defaults; docs/methods.md explains them:',
    ...settingNotes(registries.unlearners.entries),
    'An --order names the batches that a method takes, "retain" unless it stands here:',
    ...replayNotes(),
  ],
  async run(args, context) {
    const method = registries.unlearners.get(args.need('method'));
    const assignments = fitting(method, args.all('set'), context);
    const given = readSettings(method.settings, assignments);
    const seed = readNumber('seed', args.text('seed') ?? '0', 'whole');
    const maskPath = args.text('mask');
    if (maskPath && !method.takesMask) throw new LetheError(`${method.label} takes no mask.`);
    if (!maskPath && method.needsMask) throw new LetheError(method.needsMask);
    const stored = await loadData(args, context);
    const { labels } = stored.train;
    const numbering = numberingOf(stored, args);
    const sets = await loadSets(args.need('forget'), args.text('retain'), numbering, context);
    if (sets.retain.length === 0)
      throw new LetheError('The forget set leaves nothing to retain: forget fewer images.');
    const listener = { ...context, verbose: args.has('verbose') };
    const network = await loadNetwork(args.need('model'), stored, args.need('weights'), listener);
    const { spec, weights: original } = network;
    checkFit(method, spec);
    const data = normalisedData(stored, args, network.normalise, listener);
    // The data's, as METHOD counts them: a network may have more outputs.
    const classes = data.classes.length;
    const order = await loadOrder(args.text('order'), numbering);
    const settings = settingsForOrder(given, assignments, order);
    const mask = maskPath ? await loadMask(maskPath, spec) : undefined;
    const [resetPath, relabelsPath] = [args.text('reset-weights'), args.text('relabels')];
    // Only parameters are reset, so BatchNorm's statistics may be absent from these weights; retraining alone uses them.
    const reset = resetPath
      ? (await loadWeights(resetPath, spec, 'parameters', listener)).weights
      : undefined;
    const relabels = relabelsPath ? await loadRelabels(relabelsPath, numbering, classes) : undefined;
    const out = args.need('out');
    const mark = { lethe: 'run', normalise: data === stored ? undefined : data.normalise } as const;
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
        augments: data.augment !== undefined,
        classes,
        reset,
        relabels,
        order,
        control: () => control(method.id),
        async train(request) {
          const report = await trainKeepingWeights(model, request, control(method.id), { out, mark });
          reports.push(report);
          return report;
        },
      });
      await method.run(unlearning);
      return model.snapshot();
    });
    await writeOutput(out, encodeCheckpoint(spec, unlearned, mark));
    await writeLog(args.text('log'), reports);
  },
};

/** What an order names for each method, those with the same on one line. */
function replayNotes(): string[] {
  const ids = new Map<string, string[]>();
  for (const { id, replays } of registries.unlearners.entries)
    if (replays) ids.set(replays, [...(ids.get(replays) ?? []), id]);
  return [...ids].map(([replays, methods]) => `  ${replays}: ${methods.join(', ')}`);
}

/** Scripts may pass the same `--set` to every method, so settings of a training (`epochs`, `lr`, …) are ignored where a method has none. */
function fitting(
  { label, settings }: Unlearner,
  assignments: string[],
  { stderr }: CommandContext,
): string[] {
  const known = new Set(settings.map(({ name }) => name));
  return assignments.filter((assignment) => {
    const { name } = parseAssignment(assignment);
    const idle = !known.has(name) && RECIPE_SETTINGS.some((setting) => setting.name === name);
    if (idle) stderr(`${label} has no setting "${name}": --set ${name} changes nothing.\n`);
    return !idle;
  });
}
