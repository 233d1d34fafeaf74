import { features } from '../evaluate/features';
import { liraMetrics, shadowMembers } from '../evaluate/lira';
import { randomStream } from '../rng';
import type { Metrics } from '../study/result';
import type { Checkpoint, Mask } from '../tensors';
import { decodeArtifact, encodeArtifact } from './artifact';
import { outputsOn } from './evaluate';
import { selectMask } from './localize';
import type { StageOf } from './plan';
import type { StageRoom, StudyRoom } from './room';
import { complement } from './samples';
import { freshWeights } from './seeds';
import { gradientOn, readWeights, scoresOf, unlearnFrom } from './stages';
import { stateKey, TrainingRecorder, trainClassifier } from './training';

/** The seed of a shadow model: it is a repeat like any other, with its own weights and shuffles. */
function shadowSeed({ seed, model }: { seed: number; model: number }): number {
  return randomStream(seed, 'shadow-seed', model).next();
}

/** The forget examples that a shadow model learns and then unlearns; the others it never sees. */
function membersOf({ forget }: StudyRoom, { seed, model }: { seed: number; model: number }): Int32Array {
  const members = shadowMembers(forget.length, seed, model);
  return forget.filter((_, i) => members[i] === 1);
}

/** Trains a shadow model on the retain set and its half of the forget set. */
export async function shadowStage(room: StageRoom, stage: StageOf<'shadow'>): Promise<void> {
  const { model, plan, forget, dataset, forgetHash } = room;
  const seed = shadowSeed(stage);
  const members = new Set(membersOf(room, stage));
  const left = forget.filter((index) => !members.has(index));
  await model.load(freshWeights(plan.spec, seed, 'original'));
  await trainClassifier(new TrainingRecorder(room, { curves: false }), {
    examples: complement(left, dataset.train.count),
    recipe: stage.recipe,
    random: (...path) => randomStream(seed, 'pretrain', ...path),
  });
  await room.store.put(stage.key, encodeArtifact(await model.snapshot(), { forget: forgetHash }));
  await room.store.delete(stateKey(stage.key));
}

/** Localizes and unlearns a shadow model's half, as a run does the whole, and keeps phi of every forget example. */
export async function unlearnShadowStage(room: StageRoom, stage: StageOf<'unlearn-shadow'>): Promise<void> {
  const original = await readWeights(room, stage.shadowKey);
  const own: StageRoom = { ...room, forget: membersOf(room, stage) };
  const seed = shadowSeed(stage);
  const mask = stage.localize && (await maskOf(own, { ...stage.localize, seed }, original));
  const recorder = new TrainingRecorder(own, { curves: false });
  await unlearnFrom(own, recorder, { ...stage, seed }, original, mask);
  const phi = await phiOf(room, 0, room.forget.length);
  await putPhi(room, stage.key, phi);
  await room.store.delete(stateKey(stage.key));
}

async function maskOf(
  room: StageRoom,
  localize: NonNullable<StageOf<'unlearn-shadow'>['localize']> & { seed: number },
  weights: Checkpoint,
): Promise<Mask> {
  const localizer = room.registries.localizers.get(localize.strategy);
  const { gradient: over } = localizer.needs;
  // "The whole training set" is what this model was trained on.
  const trained = Int32Array.from([...room.forget, ...room.retain]).sort();
  const gradient = over && (await gradientOn(room, weights, over === 'forget' ? room.forget : trained));
  if (localizer.needs.model) await room.model.load(weights);
  const scores = await scoresOf(room, localize, weights, gradient);
  return selectMask(localizer, room.plan.spec, scores, localize.settings, localize, room.model);
}

/** Phi of every forget example under the live model. */
async function phiOf(room: StageRoom, before: number, total: number): Promise<Float32Array> {
  const { model, dataset, forget, evaluation } = room;
  const outputs = await outputsOn(model, dataset, 'train', forget, evaluation({ before, total }));
  return Float32Array.from(features(outputs).phi);
}

function putPhi(room: StageRoom, key: string, phi: Float32Array): Promise<void> {
  const tensors = { phi: { shape: [phi.length], data: phi } };
  return room.store.put(key, encodeArtifact(tensors, { forget: room.forgetHash }));
}

/** Tries the attack that the shadow models taught on the run's own model and its oracle. */
export async function liraStage(room: StageRoom, stage: StageOf<'lira'>): Promise<void> {
  const { forget, plan, store, forgetHash } = room;
  const shadows = [];
  for (const [model, key] of stage.phiKeys.entries()) {
    const { phi } = decodeArtifact(await room.artifact(key)).tensors;
    shadows.push({
      phi: phi!.data as Float32Array,
      members: shadowMembers(forget.length, plan.study.seed, model),
    });
  }
  const phiUnder = async (key: string, before: number) => {
    await room.model.load(await readWeights(room, key));
    return phiOf(room, before, 2 * forget.length);
  };
  const unlearned = await phiUnder(stage.modelKey, 0);
  const oracle = await phiUnder(stage.oracleKey, forget.length);
  const metrics = liraMetrics({ shadows, unlearned, oracle });
  await store.put(stage.key, encodeArtifact({}, { metrics, forget: forgetHash }));
}

/** What the attack on a run found. */
export async function readLira(room: StudyRoom, { key }: StageOf<'lira'>): Promise<Metrics> {
  const { metrics } = decodeArtifact(await room.artifact(key)).note as { metrics: Metrics };
  return metrics;
}
