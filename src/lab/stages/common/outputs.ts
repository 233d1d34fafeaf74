import type { Dataset } from '../../data/dataset';
import { accuracy } from '../../evaluate/accuracy';
import { answersOf } from '../../evaluate/answers';
import { features } from '../../evaluate/features';
import type { MetricContext, Outputs } from '../../evaluate/metric';
import { type MonitorSamples, upTo } from '../../plan/samples';
import { packAnswers } from '../../study/answers';
import { encodeBytes } from '../../study/floats';
import type { SeriesPoint } from '../../study/result';
import type { Control, LiveModel } from '../../train/engine';

/** Where one call stands in a longer evaluation, in images. */
export interface EvaluationSpan {
  before: number;
  total: number;
}

/** Eval-mode outputs of the live model on some examples, in their order. */
export async function outputsOn(
  model: LiveModel,
  dataset: Dataset,
  split: 'train' | 'test',
  indices: Int32Array,
  control: Control,
): Promise<Outputs> {
  const { labels, trueLabels } = dataset[split];
  return {
    logits: await model.outputs(split, indices, control),
    labels: indices.map((index) => labels[index]!),
    trueLabels: trueLabels && indices.map((index) => trueLabels[index]!),
    // A network may have more outputs than its data set has classes.
    classes: model.spec.config.classes,
  };
}

/** Outputs on all of the forget, retain and test examples. `control` is made for each set, with its place in the whole. */
export async function evaluationOutputs(
  model: LiveModel,
  dataset: Dataset,
  { forget, retain }: { forget: Int32Array; retain: Int32Array },
  control: (span: EvaluationSpan) => Control,
): Promise<MetricContext> {
  const test = upTo(dataset.test.count);
  const total = forget.length + retain.length + test.length;
  const spanFrom = (before: number) => control({ before, total });
  return {
    forget: await outputsOn(model, dataset, 'train', forget, spanFrom(0)),
    retain: await outputsOn(model, dataset, 'train', retain, spanFrom(forget.length)),
    test: await outputsOn(model, dataset, 'test', test, spanFrom(forget.length + retain.length)),
  };
}

/** Accuracies on the monitored samples, in percent, and the answers on those to forget. */
export async function monitor(
  model: LiveModel,
  dataset: Dataset,
  samples: MonitorSamples,
  control: () => Control,
): Promise<Omit<SeriesPoint, 'epoch' | 'loss'>> {
  const outputs = (split: 'train' | 'test', indices: Int32Array) =>
    outputsOn(model, dataset, split, indices, control());
  const forget = await outputs('train', samples.forget);
  return {
    forget: accuracy(forget),
    retain: accuracy(await outputs('train', samples.retain)),
    test: accuracy(await outputs('test', samples.test)),
    answers: encodeBytes(packAnswers(answersOf(forget), forget.classes)),
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
