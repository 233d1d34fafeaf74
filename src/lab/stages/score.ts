import type { GradientOver, Probe } from '../localize/localizer';
import type { Scores } from '../localize/scores';
import { encodeScores, scoresFile } from '../localize/scores-codec';
import { keyOf } from '../plan/hash';
import type { PlannedStage } from '../plan/plan';
import type { Planning, RunToPlan } from '../plan/stage-planning';
import type { Settings } from '../settings';
import type { Checkpoint, ParameterTensors } from '../tensors';
import { decodeArtifact, encodeArtifact, floatTensors } from './common/artifact';
import { accumulatedGradient, gradientImages, localizingStep, probeOf } from './common/localize';
import { readWeights, WEIGHT_BYTES } from './common/model';
import type { ArtifactReader, StageContext, StudyContext } from './context';
import type { StageKind } from './stage-kind';

interface ScoreInputs {
  seed: number;
  strategy: string;
  settings: Settings;
  /** Absent where the strategy looks at no gradient, and so is its key. */
  gradient?: GradientOver;
  /** Of the accumulated gradient, which strategies share. */
  gradientKey?: string;
}

/** The criticality of every unit by one strategy. Planned by `mask`. */
export const score: StageKind<ScoreInputs> = {
  id: 'score',
  label: 'Score the units',
  explanation: 'Scores how much of the images to be forgotten every unit of the original holds.',
  reference: 'METHOD section 1.1',
  settings: [],
  step: 'localize',
  comesWithOriginal: true,
  work: ({ gradient }, sizes) => (gradient ? gradientImages(gradient, sizes) : 0),
  gradientStep: ({ strategy, settings }, { localizers }) =>
    localizingStep(localizers.get(strategy), settings),
  storedBytes: ({ gradientKey }, { parameters }) => (gradientKey ? WEIGHT_BYTES * parameters : 0),
  alsoLeaves: ({ gradientKey }) => (gradientKey ? [gradientKey] : []),

  async perform(context, stage) {
    const weights = await readWeights(context, context.plan.seeds.get(stage.seed)!.pretrain);
    const gradient = stage.gradientKey ? await storedGradient(context, stage, weights) : undefined;
    const { values, ...note } = await scoreWeights(context, stage, weights, gradient);
    const tensors = Object.entries(values).map(([name, data]) => [name, { shape: [data.length], data }]);
    await context.store.put(stage.key, encodeArtifact(Object.fromEntries(tensors), note));
  },

  async collect(outcomes, context, stage) {
    const map = encodeScores(context.plan.spec, await readScores(context, stage.key), stage);
    outcomes.maps.push(map);
    context.emit({ type: 'scores', ref: context.ref, map });
  },

  async eventsFromArtifact({ plan, ref, bytes }, stage) {
    const scores = await readScores({ artifact: async () => bytes }, stage.key);
    return [{ type: 'scores', ref, map: encodeScores(plan.spec, scores, stage) }];
  },
};

/** Adds the score stage of a run. @returns its key, with the strategy's settings */
export function planScore(
  planning: Planning,
  { run, seedKeys }: RunToPlan,
): { key: string; settings: Settings } {
  const { id, seed, strategy } = run;
  const { entry, settings } = planning.settle(planning.registries.localizers, strategy, run.localize);
  const pretrain = seedKeys.pretrain!;
  const { gradient, model } = entry.needs;
  planning.checkFit(entry);
  const { microBatch, weights } = planning.study;
  const over = gradient && overKey(gradient, planning.forgetKey, seed);
  const gradientKey = gradient && keyOf('gradient', { pretrain, over, microBatch });
  const forget = model && planning.forgetKey;
  // What a strategy draws hangs on the seed. An original's key tells that too, but not where one from a file is that of every seed.
  const drawn = model && weights ? seed : undefined;
  const pieces = model && microBatch;
  const content = { pretrain, strategy, settings, gradientKey, forget, seed: drawn, microBatch: pieces };
  const inputs = { seed, strategy, settings, gradient, gradientKey, runs: [id], needs: [pretrain] };
  return { key: planning.add(score, content, inputs), settings };
}

/** What a gradient depends on beside the weights. The forget set enters only where it is looked at, the seed only where a sample is drawn. */
function overKey(over: GradientOver, forget: string, seed: number) {
  return { forget, train: 'train', contrast: { forget, seed } }[over];
}

export async function readScores({ artifact }: ArtifactReader, key: string): Promise<Scores> {
  const { tensors, note } = decodeArtifact(await artifact(key));
  const values = Object.entries(tensors).map(([name, { data }]) => [name, data as Float32Array]);
  return { ...(note as Omit<Scores, 'values'>), values: Object.fromEntries(values) };
}

/** A score artifact as the file that `lethe localize --scores` writes: scores at every scalar, and G where there is one. */
export async function scoresAsFile(
  context: StudyContext,
  stage: PlannedStage<ScoreInputs>,
): Promise<ParameterTensors> {
  const gradient = stage.gradientKey && (await context.artifact(stage.gradientKey));
  return scoresFile(
    context.plan.spec,
    await readScores(context, stage.key),
    gradient ? floatTensors(decodeArtifact(gradient).tensors) : undefined,
  );
}

/** What a strategy says of some weights, for the context's forget set. */
export async function scoreWeights(
  context: StageContext,
  { seed, strategy, settings }: Pick<ScoreInputs, 'seed' | 'strategy' | 'settings'>,
  weights: Checkpoint,
  gradient?: ParameterTensors,
): Promise<Scores> {
  const localizer = context.registries.localizers.get(strategy);
  const probe = localizer.needs.model && stageProbe(context, seed);
  return localizer.score({ spec: context.plan.spec, weights, gradient, probe }, settings);
}

/** The context's live model for a strategy that questions it; its progress counts examples. */
function stageProbe(context: StageContext, seed: number): Probe {
  const { model, forget, dataset, plan } = context;
  return probeOf(model, {
    forget,
    labels: dataset.train.labels,
    seed,
    microBatch: plan.study.microBatch,
    control: () => context.evaluation(),
    progress: (done, total) => context.training().tick({ done, total, counted: 'images', examples: 0 }),
  });
}

/** G, from the store when another strategy needed it before. */
async function storedGradient(
  context: StageContext,
  { gradient: over, gradientKey, seed }: ScoreInputs,
  weights: Checkpoint,
): Promise<ParameterTensors> {
  const key = gradientKey!;
  const bytes = await context.store.get(key);
  if (bytes) return floatTensors(decodeArtifact(bytes).tensors);
  const gradient = await gradientOn(context, weights, over!, seed);
  await context.store.put(key, encodeArtifact(gradient));
  return gradient;
}

/** G of some weights. The whole training set is what is forgotten and what is retained: what the weights were trained on. */
export async function gradientOn(
  { model, plan, forget, retain, training }: StageContext,
  weights: Checkpoint,
  over: GradientOver,
  seed: number,
): Promise<ParameterTensors> {
  await model.load(weights);
  const { microBatch } = plan.study;
  const train = Int32Array.from([...forget, ...retain]).sort();
  return accumulatedGradient(over, { forget, retain, train, seed }, (batches) =>
    model.gradient(batches, training(), { microBatch }),
  );
}
