import { shadowMembers } from '../evaluate/lira';
import { complement } from '../plan/samples';
import { randomStream } from '../rng';
import { LetheError } from '../settings';
import type { Recipe } from '../study/study';
import { encodeArtifact } from './common/artifact';
import { freshWeights } from './common/fresh-weights';
import { WEIGHT_BYTES } from './common/model';
import { stateKey, TrainingRecorder, trainClassifier } from './common/training';
import type { StudyContext } from './context';
import type { StageKind } from './stage-kind';

/** One of the repeats that the attack learns from. */
export interface ShadowId {
  /** The study's. */
  seed: number;
  /** Its number, from 0. */
  model: number;
}

interface ShadowInputs extends ShadowId {
  recipe: Recipe;
}

/** One shadow model of the U-LiRA attack, trained like an original on the retain set and half of the forget set. Planned by `lira`. */
export const shadow: StageKind<ShadowInputs> = {
  id: 'shadow',
  label: 'Train a shadow model',
  explanation: 'Trains a network that saw a random half of the forget set, for an attacker to learn from.',
  reference: 'Hayes et al. 2024 (U-LiRA); METHOD section 5',
  cites: ['hayes2024'],
  settings: [],
  step: 'compare',
  part: ({ model }) => `shadow-${model}`,
  work: ({ recipe }, { forget, retain }) => recipe.epochs * (retain + forget / 2),
  gradientStep: ({ recipe }) => ({ batch: recipe.batch, forwards: 1 }),
  storedBytes: (_, { parameters }) => WEIGHT_BYTES * parameters,
  note: 'inside',

  async perform(context, stage) {
    const { model, plan, forget, dataset, forgetHash, store } = context;
    // Every shadow model unlearns some of them and has never seen the others.
    if (forget.length < 2) throw new LetheError('U-LiRA needs two forget images or more.');
    const seed = shadowSeed(stage);
    const members = new Set(shadowForgetSet(context, stage));
    const unseen = forget.filter((index) => !members.has(index));
    await model.load(freshWeights(plan.spec, seed, 'original'));
    await trainClassifier(new TrainingRecorder(context, { curves: false }), {
      examples: complement(unseen, dataset.train.count),
      recipe: stage.recipe,
      random: (...path) => randomStream(seed, 'pretrain', ...path),
    });
    await store.put(stage.key, encodeArtifact(await model.snapshot(), { forget: forgetHash }));
    await store.delete(stateKey(stage.key));
  },
};

/** The seed of a shadow model: it is a repeat like any other, with its own weights and shuffles. */
export function shadowSeed({ seed, model }: ShadowId): number {
  return randomStream(seed, 'shadow-seed', model).next();
}

/** The forget examples that a shadow model learns and then unlearns; the others it never sees. */
export function shadowForgetSet(
  { forget }: Pick<StudyContext, 'forget'>,
  { seed, model }: ShadowId,
): Int32Array {
  const members = shadowMembers(forget.length, seed, model);
  return forget.filter((_, i) => members[i] === 1);
}
