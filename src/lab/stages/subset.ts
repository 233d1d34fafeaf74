import { features } from '../evaluate/features';
import { subsetMembers } from '../forget/memorization';
import { upTo } from '../plan/samples';
import { EVALUATED_IMAGE } from '../plan/work';
import { randomStream } from '../rng';
import type { Recipe } from '../study/study';
import { encodeArtifact } from './common/artifact';
import { freshWeights } from './common/fresh-weights';
import { outputsOn } from './common/outputs';
import { stateKey, TrainingRecorder, trainClassifier } from './common/training';
import type { StageKind } from './stage-kind';

/** One model of the memorization study. */
interface SubsetInputs {
  seed: number;
  /** Its number, from 0. */
  model: number;
  /** Of the training set that it sees. */
  share: number;
  recipe: Recipe;
}

/** Keeps what the model was trained on and what it gets right; its weights are not needed again. Planned by `memorization`. */
export const subset: StageKind<SubsetInputs> = {
  id: 'subset',
  label: 'Train a subset model',
  explanation:
    'Trains a network on a random part of the training images, to see which of the others it gets right.',
  reference: 'Feldman & Zhang 2020; METHOD section 4',
  cites: ['feldman2020'],
  settings: [],
  step: 'forget',
  part: ({ model }) => `subset-${model}`,
  work: ({ share, recipe }, { forget, retain }) =>
    (share * recipe.epochs + EVALUATED_IMAGE) * (forget + retain),
  gradientStep: ({ recipe }) => ({ batch: recipe.batch, forwards: 1 }),
  // A byte for membership and one for correctness.
  storedBytes: (_, { images }) => 2 * images,

  async perform(context, { key, seed, model: number, share, recipe }) {
    const { model, dataset, plan, store } = context;
    const everything = upTo(dataset.train.count);
    const members = subsetMembers(everything.length, share, seed, number);
    await model.load(freshWeights(plan.spec, seed, 'subset', number));
    await trainClassifier(new TrainingRecorder(context, { curves: false }), {
      examples: everything.filter((index) => members[index] === 1),
      recipe,
      random: (...path) => randomStream(seed, 'subset', number, ...path),
    });
    const looking = context.evaluation({ before: 0, total: everything.length });
    const outputs = await outputsOn(model, dataset, 'train', everything, looking);
    const correct = Uint8Array.from(features(outputs).correctness);
    const shape = [everything.length];
    await store.put(
      key,
      encodeArtifact({ members: { shape, data: members }, correct: { shape, data: correct } }),
    );
    await store.delete(stateKey(key));
  },
};
