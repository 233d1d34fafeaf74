import { EVALUATED_IMAGE, trainingWork } from '../plan/work';
import { randomStream } from '../rng';
import type { GivenWeights, Recipe } from '../study/study';
import { freshWeights } from './common/fresh-weights';
import { readGivenWeights } from './common/given-weights';
import { collectModel, eventsFromModel, putModel, readWeights, WEIGHT_BYTES } from './common/model';
import { TrainingRecorder, trainClassifier } from './common/training';
import { planEvaluation } from './evaluate';
import type { StageKind } from './stage-kind';

interface OracleInputs {
  seed: number;
  recipe: Recipe;
  /** With given weights nothing is trained: they are read. */
  weights?: GivenWeights;
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
      const { data, microBatch } = planning.study;
      const { weights, ...recipe } = planning.study.oracle;
      const { spec, forgetKey: forget } = planning;
      // Its weights are compared with the original's, so given ones are another artifact beside another original.
      const content = weights
        ? {
            data,
            config: spec.config,
            weights: weights.sha256 ?? weights.file,
            pretrain: keys.pretrain,
            forget,
          }
        : { data, config: spec.config, seed, recipe, microBatch, forget };
      const key = planning.add(oracle, content, { seed, recipe, weights, runs, needs: [keys.pretrain!] });
      return {
        oracle: key,
        evaluateOracle: planEvaluation(planning, { seed, of: 'oracle', modelKey: key, runs }),
      };
    },
  },
  work: ({ recipe, weights }, sizes) =>
    weights ? sizes.monitored * EVALUATED_IMAGE : trainingWork(recipe.epochs, sizes.retain, sizes),
  gradientStep: ({ recipe, weights }) => (weights ? undefined : { batch: recipe.batch, forwards: 1 }),
  storedBytes: (_, { parameters }) => WEIGHT_BYTES * parameters,
  note: 'beside',

  async perform(context, { key, seed, recipe, weights: given }) {
    const { model, plan, retain } = context;
    const recorder = new TrainingRecorder(context);
    if (given) {
      await model.load(await readGivenWeights(context.store, plan.spec, given));
      await recorder.measureAt(0);
    } else {
      await model.load(freshWeights(plan.spec, seed, 'oracle'));
      await trainClassifier(recorder, {
        examples: retain,
        recipe,
        random: (...path) => randomStream(seed, 'oracle', ...path),
      });
    }
    const weights = await model.snapshot();
    const original = await readWeights(context, plan.seeds.get(seed)!.pretrain);
    await putModel(context, key, weights, recorder.note(weights, original));
  },
  collect: collectModel,
  eventsFromArtifact: eventsFromModel,
};
