import type { Dataset } from '../data/source';
import { accuracy } from '../evaluate/accuracy';
import { features } from '../evaluate/features';
import type { MetricContext, Outputs } from '../evaluate/metric';
import type { Control, LiveModel } from '../train/engine';
import { type MonitorSamples, upTo } from './samples';

/** Eval-mode outputs of the live model on some examples, in their order. */
async function outputsOn(
  model: LiveModel,
  dataset: Dataset,
  split: 'train' | 'test',
  indices: Int32Array,
  control: Control,
): Promise<Outputs> {
  const { labels } = dataset[split];
  return {
    logits: await model.outputs(split, indices, control),
    labels: indices.map((index) => labels[index]!),
    classes: dataset.classes.length,
  };
}

/** Outputs on all of the forget, retain and test examples. */
export async function evaluationOutputs(
  model: LiveModel,
  dataset: Dataset,
  sets: { forget: Int32Array; retain: Int32Array },
  control: () => Control,
): Promise<MetricContext> {
  const test = upTo(dataset.test.count);
  return {
    forget: await outputsOn(model, dataset, 'train', sets.forget, control()),
    retain: await outputsOn(model, dataset, 'train', sets.retain, control()),
    test: await outputsOn(model, dataset, 'test', test, control()),
  };
}

/** Accuracies on the monitored samples, in percent. */
export async function monitor(
  model: LiveModel,
  dataset: Dataset,
  samples: MonitorSamples,
  control: () => Control,
): Promise<{ forget: number; retain: number; test: number }> {
  const of = async (split: 'train' | 'test', indices: Int32Array) =>
    accuracy(await outputsOn(model, dataset, split, indices, control()));
  return {
    forget: await of('train', samples.forget),
    retain: await of('train', samples.retain),
    test: await of('test', samples.test),
  };
}

/** The loss on every training example, in the order of the data set. */
export function trainingLosses(
  outputs: MetricContext,
  sets: { forget: Int32Array; retain: Int32Array },
): Float32Array {
  const losses = new Float32Array(sets.forget.length + sets.retain.length);
  for (const name of ['forget', 'retain'] as const)
    features(outputs[name]).loss.forEach((loss, i) => {
      losses[sets[name][i]!] = loss;
    });
  return losses;
}
