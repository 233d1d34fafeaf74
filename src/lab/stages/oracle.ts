import { trainingWork } from '../plan/work';
import { randomStream } from '../rng';
import type { Recipe } from '../study/study';
import { freshWeights } from './common/fresh-weights';
import { collectModel, eventsFromModel, putModel, readWeights, WEIGHT_BYTES } from './common/model';
import { TrainingRecorder, trainClassifier } from './common/training';
import { planEvaluation } from './evaluate';
import type { StageKind } from './stage-kind';

interface OracleInputs {
  seed: number;
  recipe: Recipe;
}

/** The model that never saw the forget set. */
export const oracle: StageKind<OracleInputs> = {
  id: 'oracle',
  label: 'Train the oracle',
  explanation:
    'Trains a fresh network on everything but the images to be forgotten: what unlearning is measured against.',
  reference: 'METHOD section 2 (`retrain`)',
  settings: [],
  // With the forget set: it is what a network without that set would be.
  step: 'forget',
  trains: 'oracle',
  plan: {
    seed(planning, { seed, runs, keys }) {
      const { oracle: recipe, data, microBatch } = planning.study;
      const { spec, forgetKey: forget } = planning;
      const content = { data, config: spec.config, seed, recipe, microBatch, forget };
      // Its weights are compared with the original's.
      const key = planning.add(oracle, content, { seed, recipe, runs, needs: [keys.pretrain!] });
      return {
        oracle: key,
        evaluateOracle: planEvaluation(planning, { seed, of: 'oracle', modelKey: key, runs }),
      };
    },
  },
  work: ({ recipe }, sizes) => trainingWork(recipe.epochs, sizes.retain, sizes),
  gradientStep: ({ recipe }) => ({ batch: recipe.batch, forwards: 1 }),
  storedBytes: (_, { parameters }) => WEIGHT_BYTES * parameters,
  note: 'beside',

  async perform(context, { key, seed, recipe }) {
    const { model, plan, retain } = context;
    await model.load(freshWeights(plan.spec, seed, 'oracle'));
    const recorder = new TrainingRecorder(context);
    await trainClassifier(recorder, {
      examples: retain,
      recipe,
      random: (...path) => randomStream(seed, 'oracle', ...path),
    });
    const weights = await model.snapshot();
    const original = await readWeights(context, plan.seeds.get(seed)!.pretrain);
    await putModel(context, key, weights, recorder.note(weights, original));
  },
  collect: collectModel,
  eventsFromArtifact: eventsFromModel,
};
