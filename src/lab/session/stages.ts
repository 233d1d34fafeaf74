import { accuraciesByClass } from '../evaluate/accuracy';
import { computeMetrics } from '../evaluate/metrics';
import type { Probe } from '../localize/localizer';
import type { Scores } from '../localize/scores';
import { scoresFile } from '../localize/scores-codec';
import { randomStream } from '../rng';
import type { ClassAccuracies, Metrics } from '../study/result';
import type { GivenWeights } from '../study/study';
import type { Checkpoint, Mask, ParameterTensors } from '../tensors';
import { decodeArtifact, decodeMask, encodeArtifact, encodeMask, floatTensors } from './artifact';
import { evaluationOutputs, trainingLosses } from './evaluate';
import { readGivenWeights } from './given-weights';
import { gradientBatches, probeOf, selectMask } from './localize';
import type { StageOf } from './plan';
import type { StageRoom, StudyRoom } from './room';
import { upTo } from './samples';
import { freshWeights } from './seeds';
import { type ModelNote, stateKey, TrainingRecorder, trainClassifier } from './training';
import { unlearnContext } from './unlearn';

/** Where the note of a model's artifact stands: small, so that a finished stage is known without reading its weights. */
export function noteKey(key: string): string {
  return `${key}.note`;
}

export interface EvaluationNote {
  metrics: Metrics;
  /** Absent in artifacts of versions that did not measure it. */
  classes?: ClassAccuracies;
  forget: string;
}

export async function readWeights(room: StudyRoom, key: string): Promise<Checkpoint> {
  return floatTensors(decodeArtifact(await room.artifact(key)).tensors);
}

export async function readScores(room: Pick<StudyRoom, 'artifact'>, key: string): Promise<Scores> {
  const { tensors, note } = decodeArtifact(await room.artifact(key));
  const values = Object.entries(tensors).map(([name, { data }]) => [name, data as Float32Array]);
  return { ...(note as Omit<Scores, 'values'>), values: Object.fromEntries(values) };
}

export async function readMask(room: StudyRoom, key: string): Promise<Mask> {
  return decodeMask(decodeArtifact(await room.artifact(key)).tensors);
}

/** Trains the original on everything, or the oracle on the retain set, each from fresh weights. */
export async function trainStage(room: StageRoom, stage: StageOf<'pretrain' | 'oracle'>): Promise<void> {
  if (stage.stage === 'pretrain' && stage.weights) return loadStage(room, stage.key, stage.weights);
  const { seed, recipe } = stage;
  const { model, plan } = room;
  const isOracle = stage.stage === 'oracle';
  const examples = isOracle ? room.retain : upTo(room.dataset.train.count);
  const random = (...path: (string | number)[]) => randomStream(seed, stage.stage, ...path);
  await model.load(freshWeights(plan.spec, seed, isOracle ? 'oracle' : 'original'));
  const recorder = new TrainingRecorder(room);
  await trainClassifier(recorder, { examples, recipe, random });
  const weights = await model.snapshot();
  const original = isOracle ? await readWeights(room, plan.seeds.get(seed)!.pretrain) : weights;
  await putModel(room, stage.key, weights, recorder.note(weights, original));
}

/** Takes given weights for the original's. */
async function loadStage(room: StageRoom, key: string, given: GivenWeights): Promise<void> {
  const weights = await readGivenWeights(room.store, room.plan.spec, given);
  await room.model.load(weights);
  const recorder = new TrainingRecorder(room);
  await recorder.measureAt(0);
  await putModel(room, key, weights, recorder.note(weights, weights));
}

export async function unlearnStage(room: StageRoom, stage: StageOf<'unlearn'>): Promise<void> {
  const { seed, maskKey } = stage;
  const original = await readWeights(room, room.plan.seeds.get(seed)!.pretrain);
  const mask = maskKey === undefined ? undefined : await readMask(room, maskKey);
  const recorder = new TrainingRecorder(room);
  await unlearnFrom(room, recorder, stage, original, mask);
  if (recorder.points.length === 0) await recorder.measureAt(0);
  const weights = await room.model.snapshot();
  await putModel(room, stage.key, weights, recorder.note(weights, original));
}

/** Leaves in the live model what a method makes of `original`, for the room's forget set. */
export async function unlearnFrom(
  room: StageRoom,
  recorder: TrainingRecorder,
  { seed, method, settings, recipe }: Pick<StageOf<'unlearn'>, 'seed' | 'method' | 'settings' | 'recipe'>,
  original: Checkpoint,
  mask?: Mask,
): Promise<void> {
  const { model, plan, registries, forget, retain, dataset } = room;
  await model.load(original);
  const context = unlearnContext(model, {
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
    control: room.training,
    microBatch: plan.study.microBatch,
  });
  await registries.unlearners.get(method).run(context);
}

/** The note last: with it the stage counts as done. */
async function putModel(room: StageRoom, key: string, weights: Checkpoint, note: ModelNote): Promise<void> {
  await room.store.put(key, encodeArtifact(weights));
  await room.store.put(noteKey(key), encodeArtifact({}, note));
  await room.store.delete(stateKey(key));
}

export async function scoreStage(room: StageRoom, stage: StageOf<'score'>): Promise<void> {
  const weights = await readWeights(room, room.plan.seeds.get(stage.seed)!.pretrain);
  const gradient = stage.gradientKey ? await storedGradient(room, stage, weights) : undefined;
  const { values, ...note } = await scoresOf(room, stage, weights, gradient);
  const tensors = Object.entries(values).map(([name, data]) => [name, { shape: [data.length], data }]);
  await room.store.put(stage.key, encodeArtifact(Object.fromEntries(tensors), note));
}

/** What a strategy says of some weights, for the room's forget set. */
export async function scoresOf(
  room: StageRoom,
  { seed, strategy, settings }: Pick<StageOf<'score'>, 'seed' | 'strategy' | 'settings'>,
  weights: Checkpoint,
  gradient?: ParameterTensors,
): Promise<Scores> {
  const localizer = room.registries.localizers.get(strategy);
  const probe = localizer.needs.model && stageProbe(room, seed);
  return localizer.score({ spec: room.plan.spec, weights, gradient, probe }, settings);
}

/** The room's live model for a strategy that questions it; its progress counts examples. */
function stageProbe(room: StageRoom, seed: number): Probe {
  const { model, forget, dataset } = room;
  return probeOf(model, {
    forget,
    labels: dataset.train.labels,
    seed,
    control: () => room.evaluation(),
    progress: (done, total) => room.training().tick({ done, total, unit: 'images', examples: 0 }),
  });
}

/** G, from the store when another strategy needed it before. */
async function storedGradient(
  room: StageRoom,
  stage: StageOf<'score'>,
  weights: Checkpoint,
): Promise<ParameterTensors> {
  const key = stage.gradientKey!;
  const bytes = await room.store.get(key);
  if (bytes) return floatTensors(decodeArtifact(bytes).tensors);
  const { gradient: over } = room.registries.localizers.get(stage.strategy).needs;
  const examples = over === 'forget' ? room.forget : upTo(room.dataset.train.count);
  const gradient = await gradientOn(room, weights, examples);
  await room.store.put(key, encodeArtifact(gradient));
  return gradient;
}

/** G of some weights over some examples. */
export async function gradientOn(
  room: StageRoom,
  weights: Checkpoint,
  examples: Int32Array,
): Promise<ParameterTensors> {
  await room.model.load(weights);
  const { microBatch } = room.plan.study;
  return room.model.gradient(gradientBatches(examples), room.training(), { microBatch });
}

export async function maskStage(room: StageRoom, stage: StageOf<'mask'>): Promise<void> {
  const localizer = room.registries.localizers.get(stage.strategy);
  const scores = await readScores(room, stage.scoreKey);
  const mask = await selectMask(localizer, room.plan.spec, scores, stage.settings, stage, room.model);
  await room.store.put(stage.key, encodeArtifact(encodeMask(room.plan.spec, mask)));
}

export async function evaluateStage(room: StageRoom, stage: StageOf<'evaluate'>): Promise<void> {
  await room.model.load(await readWeights(room, stage.modelKey));
  const outputs = await evaluationOutputs(room.model, room.dataset, room, room.evaluation);
  const note: EvaluationNote = {
    metrics: computeMetrics(outputs, room.registries.metrics),
    classes: accuraciesByClass(outputs),
    forget: room.forgetHash,
  };
  const losses = stage.of === 'original' ? trainingLosses(outputs, room) : new Float32Array();
  await room.store.put(stage.key, encodeArtifact({ losses: { shape: [losses.length], data: losses } }, note));
}

/** A score artifact as the file that `lethe localize --scores` writes: scores at every scalar, and G where there is one. */
export async function scoresAsFile(room: StudyRoom, stage: StageOf<'score'>): Promise<ParameterTensors> {
  const gradient = stage.gradientKey ? await room.store.get(stage.gradientKey) : undefined;
  return scoresFile(
    room.plan.spec,
    await readScores(room, stage.key),
    gradient && floatTensors(decodeArtifact(gradient).tensors),
  );
}
