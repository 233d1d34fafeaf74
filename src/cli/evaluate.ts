import { accuraciesByClass, deltas, distances, measureModel } from '../lab/evaluate';
import type { MetricContext } from '../lab/evaluate/metric';
import { isMeasurable } from '../lab/evaluate/metrics';
import { encodeSafetensors } from '../lab/nn/safetensors';
import { undecidedText } from '../lab/results/undecided';
import { registries } from '../lab/session/all-registries';
import { evaluationOutputs } from '../lab/stages/common/outputs';
import type { Metrics } from '../lab/study/result';
import type { Checkpoint } from '../lab/tensors';
import type { Command } from './command';
import { readingOptions, sharedOptions, withDevice, writeOutput } from './common';
import { loadData, loadNetwork, loadSets, normalisedData, numberingOf } from './inputs';
import { loadSecondWeights } from './second-weights';

export const evaluateCommand: Command = {
  name: 'evaluate',
  summary: 'Measures accuracies and membership attacks of some weights.',
  options: {
    model: sharedOptions.model,
    weights: sharedOptions.weights,
    data: sharedOptions.data,
    forget: sharedOptions.forget,
    retain: sharedOptions.retain,
    ...readingOptions,
    oracle: { value: 'W', help: 'weights of the oracle; adds its metrics, the differences, gap and ToW' },
    out: { value: 'FILE', help: 'where the metrics go, as JSON', required: true, written: true },
    logits: {
      value: 'FILE',
      help: 'writes the logits on forget, retain and test images, safetensors',
      written: true,
    },
    verbose: sharedOptions.verbose,
  },
  notes: [
    `Metrics: ${registries.metrics.entries.map(({ id }) => id).join(', ')}.`,
    'Beside them "classes": the accuracy of each class on the three sets, null where a set has no example of it.',
    'Those that need retained or test images are left out where there are none.',
    '"miaUndecided", "miaEntropyUndecided": how many forget images the attack cannot decide on (a decision of 0 within rounding), where there are any; they count as members.',
    'The membership attacks take the first retained images, as many as there are test images, in the order of --retain.',
  ],
  async run(args, context) {
    const stored = await loadData(args, context);
    const sets = await loadSets(args.need('forget'), args.text('retain'), numberingOf(stored, args), context);
    const listener = { ...context, verbose: args.has('verbose') };
    const network = await loadNetwork(args.need('model'), stored, args.need('weights'), listener);
    const { spec, weights } = network;
    const data = normalisedData(stored, args, network.normalise, listener);
    const oraclePath = args.text('oracle');
    const oracle = oraclePath
      ? await loadSecondWeights(oraclePath, network, data, args, listener)
      : undefined;
    const outputs = await withDevice(spec, data, context, async ({ model, control }) => {
      const outputsOf = async (checkpoint: Checkpoint) => {
        await model.load(checkpoint);
        return evaluationOutputs(model, data, sets, () => control('evaluate'));
      };
      return { own: await outputsOf(weights), oracle: oracle && (await outputsOf(oracle)) };
    });
    const { metrics, undecided } = measureModel(outputs.own);
    const left = registries.metrics.entries
      .filter((metric) => !isMeasurable(metric, outputs.own))
      .map(({ id }) => id);
    if (left.length > 0)
      context.stderr(`Left out, since they need retained and test images: ${left.join(', ')}.\n`);
    const ideal = outputs.oracle && measureModel(outputs.oracle);
    const differences = ideal && deltas(ideal.metrics, metrics);
    const beside = ideal &&
      differences && {
        oracle: withUndecided(ideal),
        deltas: differences,
        ...distances(differences),
      };
    for (const [of, ties] of [
      ['The attacks', undecided],
      ['Of the oracle the attacks', ideal?.undecided],
    ] as const)
      if (ties) context.stderr(`${of} ${undecidedText(ties, sets.forget.length)}.\n`);
    await writeOutput(
      args.need('out'),
      `${JSON.stringify({ ...withUndecided({ metrics, undecided }), classes: accuraciesByClass(outputs.own), ...beside }, null, 2)}\n`,
    );
    const logits = args.text('logits');
    if (logits) await writeOutput(logits, encodeSafetensors(logitTensors(outputs.own), { lethe: 'logits' }));
  },
};

/** The metrics as the file holds them: numbers only, those of undecided images beside their metric. */
function withUndecided({ metrics, undecided = {} }: ReturnType<typeof measureModel>): Metrics {
  const counts = Object.entries(undecided).map(([id, examples]) => [`${id}Undecided`, examples] as const);
  return { ...metrics, ...Object.fromEntries(counts) };
}

function logitTensors(outputs: MetricContext) {
  const tensor = ({ logits, labels, classes }: MetricContext['test']) => ({
    shape: [labels.length, classes],
    data: logits,
  });
  return { forget: tensor(outputs.forget), retain: tensor(outputs.retain), test: tensor(outputs.test) };
}
