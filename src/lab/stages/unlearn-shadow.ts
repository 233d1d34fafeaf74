import { features } from '../evaluate/features';
import type { Settings } from '../settings';
import type { Checkpoint, Mask } from '../tensors';
import { encodeArtifact } from './common/artifact';
import { selectMask } from './common/localize';
import { readWeights } from './common/model';
import { type EvaluationSpan, outputsOn } from './common/outputs';
import { stateKey, TrainingRecorder } from './common/training';
import type { StageContext } from './context';
import { gradientOn, scoreWeights } from './score';
import { type ShadowId, shadowForgetSet, shadowSeed } from './shadow';
import type { StageKind } from './stage-kind';
import { type UnlearnRecipe, unlearnFrom, unlearningStep } from './unlearn';

/** How a mask is found. */
export interface LocalizeRecipe {
  strategy: string;
  settings: Settings;
  alpha: number;
}

interface UnlearnShadowInputs extends ShadowId, UnlearnRecipe {
  shadowKey: string;
  /** Absent: no mask. */
  localize?: LocalizeRecipe;
}

/** A shadow model localized and unlearned like a run; what is kept is phi of every forget example. Planned by `lira`. */
export const unlearnShadow: StageKind<UnlearnShadowInputs> = {
  id: 'unlearn-shadow',
  label: 'Unlearn a shadow model',
  explanation:
    'Unlearns a shadow model as the run does the original, and keeps how sure it is of each forget example.',
  reference: 'Hayes et al. 2024 (U-LiRA); METHOD section 5',
  cites: ['hayes2024'],
  settings: [],
  step: 'compare',
  work: ({ settings, recipe }, { forget, retain }) =>
    ('epochs' in settings ? recipe.epochs : 1) * retain + forget,
  gradientStep: unlearningStep,
  // Phi of the forget examples, which are at most all images, in float32.
  storedBytes: (_, { images }) => 4 * images,
  note: 'inside',
  isExpendable: () => true,

  async perform(context, stage) {
    const original = await readWeights(context, stage.shadowKey);
    const own: StageContext = { ...context, forget: shadowForgetSet(context, stage) };
    const seed = shadowSeed(stage);
    const mask = stage.localize && (await maskOfShadow(own, stage.localize, seed, original));
    const recorder = new TrainingRecorder(own, { curves: false });
    await unlearnFrom(own, recorder, { ...stage, seed }, original, mask);
    const data = await forgetPhi(context, { before: 0, total: context.forget.length });
    const tensors = { phi: { shape: [data.length], data } };
    await context.store.put(stage.key, encodeArtifact(tensors, { forget: context.forgetHash }));
    await context.store.delete(stateKey(stage.key));
  },
};

async function maskOfShadow(
  context: StageContext,
  { strategy, settings, alpha }: LocalizeRecipe,
  seed: number,
  weights: Checkpoint,
): Promise<Mask> {
  const localizer = context.registries.localizers.get(strategy);
  const { gradient: over } = localizer.needs;
  const gradient = over && (await gradientOn(context, weights, over, seed));
  if (localizer.needs.model) await context.model.load(weights);
  const scores = await scoreWeights(context, { seed, strategy, settings }, weights, gradient);
  return selectMask(localizer, context.plan.spec, scores, settings, { alpha, seed }, context.model);
}

/** Phi of every forget example under the live model. */
export async function forgetPhi(context: StageContext, span: EvaluationSpan): Promise<Float32Array> {
  const { model, dataset, forget, evaluation } = context;
  return Float32Array.from(features(await outputsOn(model, dataset, 'train', forget, evaluation(span))).phi);
}
