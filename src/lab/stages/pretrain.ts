import { upTo } from '../plan/samples';
import { EVALUATED_IMAGE, trainingWork } from '../plan/work';
import { randomStream } from '../rng';
import type { GivenWeights, Recipe } from '../study/study';
import { freshWeights } from './common/fresh-weights';
import { readGivenWeights } from './common/given-weights';
import { collectModel, eventsFromModel, putModel, WEIGHT_BYTES } from './common/model';
import { TrainingRecorder, trainClassifier } from './common/training';
import type { StageContext } from './context';
import { planEvaluation } from './evaluate';
import type { StageKind } from './stage-kind';

interface PretrainInputs {
  seed: number;
  recipe: Recipe;
  /** With given weights nothing is trained: they are read, and the same for every seed. */
  weights?: GivenWeights;
}

/** The original: trained on everything, or read from a file. */
export const pretrain: StageKind<PretrainInputs> = {
  id: 'pretrain',
  label: 'Train the original',
  explanation: 'Trains the network on all training images, those to be forgotten included.',
  reference: 'METHOD section 3',
  settings: [],
  step: 'train',
  trains: 'original',
  plan: {
    seed(planning, { seed, runs }) {
      const { pretrain: recipe, data, weights, microBatch } = planning.study;
      const start = weights ? { weights: weights.sha256 ?? weights.file } : { seed, recipe, microBatch };
      const content = { data, config: planning.spec.config, ...start, planted: planning.plantedKey };
      const key = planning.add(pretrain, content, { seed, recipe, weights, runs, needs: [] });
      const evaluateOriginal = planEvaluation(planning, { seed, of: 'original', modelKey: key, runs });
      return { pretrain: key, evaluateOriginal };
    },
  },
  work: ({ recipe, weights }, sizes) =>
    weights
      ? sizes.monitored * EVALUATED_IMAGE
      : trainingWork(recipe.epochs, sizes.forget + sizes.retain, sizes),
  gradientStep: ({ recipe, weights }) => (weights ? undefined : { batch: recipe.batch, forwards: 1 }),
  storedBytes: (_, { parameters }) => WEIGHT_BYTES * parameters,
  note: 'beside',
  servesAnyForgetSet: true,

  async perform(context, { key, seed, recipe, weights: given }) {
    if (given) return loadOriginal(context, key, given);
    const { model, plan, dataset } = context;
    await model.load(freshWeights(plan.spec, seed, 'original'));
    const recorder = new TrainingRecorder(context);
    await trainClassifier(recorder, {
      examples: upTo(dataset.train.count),
      recipe,
      random: (...path) => randomStream(seed, 'pretrain', ...path),
    });
    const weights = await model.snapshot();
    await putModel(context, key, weights, recorder.note(weights, weights));
  },
  collect: collectModel,
  eventsFromArtifact: eventsFromModel,
};

/** Takes given weights for the original's. */
async function loadOriginal(context: StageContext, key: string, given: GivenWeights): Promise<void> {
  const weights = await readGivenWeights(context.store, context.plan.spec, given);
  await context.model.load(weights);
  const recorder = new TrainingRecorder(context);
  await recorder.measureAt(0);
  await putModel(context, key, weights, recorder.note(weights, weights));
}
