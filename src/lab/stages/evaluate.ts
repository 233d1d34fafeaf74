import { accuraciesByClass } from '../evaluate/accuracy';
import { answersOf } from '../evaluate/answers';
import { deltas } from '../evaluate/deltas';
import type { MetricContext } from '../evaluate/metric';
import { measureModel } from '../evaluate/metrics';
import type { StoredTensor } from '../nn/safetensors';
import type { ModelRole } from '../plan/plan';
import { answeredSamples } from '../plan/samples';
import type { Planning } from '../plan/stage-planning';
import { EVALUATED_IMAGE } from '../plan/work';
import type { Evaluation, Outcomes } from '../results/outcomes';
import { packAnswers } from '../study/answers';
import { encodeBytes } from '../study/floats';
import type { Metrics } from '../study/result';
import { decodeArtifact, encodeArtifact } from './common/artifact';
import { readWeights } from './common/model';
import { evaluationOutputs, trainingLosses } from './common/outputs';
import type { ArtifactReader, StageContext } from './context';
import type { StageKind } from './stage-kind';

interface EvaluateInputs {
  seed: number;
  of: ModelRole;
  modelKey: string;
}

/** What its artifact says beside tensors. `classes` is absent in artifacts of versions that did not measure it. */
interface EvaluationNote extends Omit<Evaluation, 'answers'> {
  forget: string;
  version: number;
}

/** 2: a membership attack counts what it cannot decide on as members, as libsvm does; answers image by image. */
const VERSION = 3;

/** All metrics of one model. Planned by the kind whose model it is. */
export const evaluate: StageKind<EvaluateInputs> = {
  id: 'evaluate',
  label: 'Evaluate',
  explanation: 'Measures a model on all images of the forget, retain and test sets.',
  reference: 'METHOD section 5',
  settings: [],
  step: 'compare',
  work: (_, { forget, retain, test }) => (forget + retain + test) * EVALUATED_IMAGE,
  // The loss on every training image, in float32.
  storedBytes: ({ of }, { images }) => (of === 'original' ? 4 * images : 0),
  note: 'inside',
  version: VERSION,
  isExpendable: ({ of }) => of === 'run',

  async perform(context, { key, of, modelKey }) {
    await context.model.load(await readWeights(context, modelKey));
    const outputs = await evaluationOutputs(context.model, context.dataset, context, context.evaluation);
    const note: EvaluationNote = {
      ...measureModel(outputs, context.registries.metrics),
      classes: accuraciesByClass(outputs),
      forget: context.forgetHash,
      version: VERSION,
    };
    const losses = of === 'original' ? trainingLosses(outputs, context) : new Float32Array();
    const tensors: Record<string, StoredTensor> = { losses: { shape: [losses.length], data: losses } };
    for (const [set, data] of Object.entries(answersOn(outputs, context)))
      tensors[ANSWERS + set] = { shape: [data.length], data };
    await context.store.put(key, encodeArtifact(tensors, note));
  },

  async collect(outcomes, context, stage) {
    const { losses, ...evaluation } = decodeEvaluation(await context.artifact(stage.key));
    if (stage.of === 'original') {
      if (outcomes.losses.length === 0) outcomes.losses = losses;
      context.emit({ type: 'losses', ref: context.ref, losses });
    }
    collectEvaluation(outcomes, context, stage.key, stage, evaluation);
  },

  async eventsFromArtifact({ ref, bytes, costs }, { of, modelKey }) {
    const { losses, ...evaluation } = decodeEvaluation(bytes);
    const cost = costs.get(modelKey);
    if (!cost) return undefined;
    return [
      ...(of === 'original' ? [{ type: 'losses' as const, ref, losses }] : []),
      { type: 'metrics', ref, of, ...evaluation, cost },
    ];
  },
};

/** Adds the evaluation of a model. @returns its key */
export function planEvaluation(
  planning: Planning,
  { modelKey, ...inputs }: EvaluateInputs & { runs: string[] },
): string {
  const metrics = planning.registries.metrics.entries.map(({ id }) => id);
  const content = { modelKey, forget: planning.forgetKey, metrics };
  return planning.add(evaluate, content, { ...inputs, modelKey, needs: [modelKey] });
}

/** The metrics of a model from the artifact of its evaluation. */
export async function readMetrics({ artifact }: ArtifactReader, key: string): Promise<Metrics> {
  return decodeEvaluation(await artifact(key)).metrics;
}

const ANSWERS = 'answers.';

function decodeEvaluation(bytes: Uint8Array): Evaluation & { losses: Float32Array } {
  const { tensors, note } = decodeArtifact(bytes);
  const { metrics, classes, undecided } = note as EvaluationNote;
  const losses = tensors.losses!.data as Float32Array;
  const answersOf = (set: string) => encodeBytes(tensors[ANSWERS + set]!.data as Uint8Array);
  // A version before this one kept none.
  const answers = tensors[`${ANSWERS}forget`] && {
    forget: answersOf('forget'),
    retain: answersOf('retain'),
    test: answersOf('test'),
  };
  return { metrics, classes, ...(undecided && { undecided }), ...(answers && { answers }), losses };
}

/** The answers of each set on the images that results tell of. */
function answersOn(
  outputs: MetricContext,
  { plan, dataset, forget, retain }: StageContext,
): Record<'forget' | 'retain' | 'test', Uint8Array> {
  const counts = { train: dataset.train.count, test: dataset.test.count };
  const samples = answeredSamples(plan.study.seed, forget, counts);
  const packed = (set: 'forget' | 'retain' | 'test', rows: ArrayLike<number>) =>
    packAnswers(answersOf(outputs[set], rows), outputs[set].classes);
  return {
    forget: packed('forget', rowsOf(forget, samples.forget)),
    retain: packed('retain', rowsOf(retain, samples.retain)),
    test: packed('test', samples.test),
  };
}

/** Where the sampled indices stand among all. */
function rowsOf(all: Int32Array, sampled: Int32Array): number[] {
  const rows = new Map(Array.from(all, (index, row) => [index, row]));
  return Array.from(sampled, (index) => rows.get(index)!);
}

/** Takes up what is known of a model, and tells the page, compared with the oracle where that is known. */
export function collectEvaluation(
  outcomes: Outcomes,
  { plan, registries, emit, ref }: StageContext,
  key: string,
  { seed, of, modelKey }: EvaluateInputs,
  evaluation: Evaluation,
): void {
  outcomes.evaluations.set(key, evaluation);
  const oracle = outcomes.evaluations.get(plan.seeds.get(seed)!.evaluateOracle);
  const isCompared = oracle && of !== 'oracle';
  emit({
    type: 'metrics',
    ref,
    of,
    ...evaluation,
    ...(isCompared && { deltas: deltas(oracle.metrics, evaluation.metrics, registries.metrics) }),
    cost: outcomes.models.get(modelKey)!.cost,
  });
}
