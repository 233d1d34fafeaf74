import type { Registries } from '../plan/registries';
import type { GradientStep, Planning } from '../plan/stage-planning';
import { EVALUATED_IMAGE, trainingWork } from '../plan/work';
import type { Settings } from '../settings';
import { recipeFrom } from '../study/recipe';
import type { Recipe, Run } from '../study/study';
import type { Checkpoint, Mask } from '../tensors';
import { collectModel, eventsFromModel, putModel, readWeights, WEIGHT_BYTES } from './common/model';
import { TrainingRecorder } from './common/training';
import { unlearnContext } from './common/unlearn';
import type { StageContext } from './context';
import { planEvaluation } from './evaluate';
import { readMask } from './mask';
import { planModelFile } from './model-file';
import type { StageKind } from './stage-kind';

/** How a model is unlearned, whatever it is that it forgets. */
export interface UnlearnRecipe {
  seed: number;
  method: string;
  settings: Settings;
  recipe: Recipe;
}

interface UnlearnInputs extends UnlearnRecipe {
  /** Absent: no mask, every parameter is free. */
  maskKey?: string;
}

/** What a method makes of the original. */
export const unlearn: StageKind<UnlearnInputs> = {
  id: 'unlearn',
  label: 'Unlearn',
  explanation: 'Changes the original so that it forgets, within the mask where the method takes one.',
  reference: 'METHOD section 2',
  settings: [],
  step: 'unlearn',
  trains: 'run',
  plan: {
    run(planning, planned) {
      const { run, keys, seedKeys } = planned;
      if (run.weights) return planModelFile(planning, planned, run.weights);
      const { id, seed } = run;
      const pretrain = seedKeys.pretrain!;
      const maskKey = keys.mask;
      const base = { ...planUnlearning(planning, run), maskKey };
      const { forgetKey: forget, study } = planning;
      const content = { ...base, pretrain, forget, microBatch: study.microBatch };
      const needs = [pretrain, ...(maskKey ? [maskKey] : [])];
      const key = planning.add(unlearn, content, { ...base, runs: [id], needs });
      const evaluate = planEvaluation(planning, { seed, of: 'run', modelKey: key, runs: [id] });
      return { unlearn: key, evaluate };
    },
  },
  // Methods that do not train take gradients over everything once.
  work: ({ method, settings, recipe }, sizes, { unlearners }) =>
    'epochs' in settings
      ? trainingWork(
          recipe.epochs,
          sizes.retain + (unlearners.get(method).seesForget ? sizes.forget : 0),
          sizes,
        )
      : sizes.forget + sizes.retain + sizes.monitored * EVALUATED_IMAGE,
  gradientStep: unlearningStep,
  storedBytes: (_, { parameters }) => WEIGHT_BYTES * parameters,
  note: 'beside',
  isExpendable: () => true,

  async perform(context, stage) {
    const original = await readWeights(context, context.plan.seeds.get(stage.seed)!.pretrain);
    const mask = stage.maskKey === undefined ? undefined : await readMask(context, stage.maskKey);
    const recorder = new TrainingRecorder(context);
    await unlearnFrom(context, recorder, stage, original, mask);
    if (recorder.points.length === 0) await recorder.measureAt(0);
    const weights = await context.model.snapshot();
    await putModel(context, stage.key, weights, recorder.note(weights, original));
  },
  collect: collectModel,
  eventsFromArtifact: eventsFromModel,
};

/** A run's method with its settings, defaults filled in. */
export function planUnlearning(planning: Planning, run: Run): UnlearnRecipe {
  const { registries, study } = planning;
  const { entry, settings } = planning.settle(registries.unlearners, run.method, run.unlearn);
  planning.checkFit(entry);
  const recipe = recipeFrom(settings, study.pretrain);
  return { seed: run.seed, method: entry.id, settings, recipe };
}

export function unlearningStep(
  { method, recipe }: Pick<UnlearnRecipe, 'method' | 'recipe'>,
  { unlearners }: Registries,
): GradientStep {
  return { batch: recipe.batch, forwards: unlearners.get(method).forwards ?? 1 };
}

/** Leaves in the live model what a method makes of `original`, for the context's forget set. */
export async function unlearnFrom(
  context: StageContext,
  recorder: TrainingRecorder,
  { seed, method, settings, recipe }: UnlearnRecipe,
  original: Checkpoint,
  mask?: Mask,
): Promise<void> {
  const { model, plan, registries, forget, retain, dataset } = context;
  await model.load(original);
  const given = unlearnContext(model, {
    spec: plan.spec,
    seed,
    settings,
    recipe,
    original,
    mask,
    forget,
    retain,
    labels: dataset.train.labels,
    augments: dataset.augment !== undefined,
    classes: dataset.classes.length,
    train: (request) => recorder.train(request),
    sees: (images) => recorder.sees(images),
    control: context.training,
    microBatch: plan.study.microBatch,
  });
  await registries.unlearners.get(method).run(given);
}
