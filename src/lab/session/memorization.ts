import { features } from '../evaluate/features';
import { estimateMemorization, type MemorizationStudy, subsetMembers } from '../forget/memorization';
import { randomStream } from '../rng';
import { decodeArtifact, encodeArtifact } from './artifact';
import { outputsOn } from './evaluate';
import type { StageOf } from './plan';
import type { StageRoom, StudyRoom } from './room';
import { upTo } from './samples';
import { freshWeights } from './seeds';
import { stateKey, TrainingRecorder, trainClassifier } from './training';

/** Trains one subset model and keeps what it was trained on and what it gets right; its weights are not needed again. */
export async function subsetStage(room: StageRoom, stage: StageOf<'subset'>): Promise<void> {
  const { seed, model: number, share, recipe } = stage;
  const { model, dataset, plan } = room;
  const everything = upTo(dataset.train.count);
  const members = subsetMembers(everything.length, share, seed, number);
  await model.load(freshWeights(plan.spec, seed, 'subset', number));
  await trainClassifier(new TrainingRecorder(room, { curves: false }), {
    examples: everything.filter((index) => members[index] === 1),
    recipe,
    random: (...path) => randomStream(seed, 'subset', number, ...path),
  });
  const outputs = await outputsOn(
    model,
    dataset,
    'train',
    everything,
    room.evaluation({ before: 0, total: everything.length }),
  );
  const correct = Uint8Array.from(features(outputs).correctness);
  const shape = [everything.length];
  await room.store.put(
    stage.key,
    encodeArtifact({ members: { shape, data: members }, correct: { shape, data: correct } }),
  );
  await room.store.delete(stateKey(stage.key));
}

/** Takes the subset models together. */
export async function memorizationStage(room: StageRoom, stage: StageOf<'memorization'>): Promise<void> {
  const outcomes = [];
  for (const key of stage.subsetKeys) {
    const { members, correct } = decodeArtifact(await room.artifact(key)).tensors;
    outcomes.push({ members: members!.data as Uint8Array, correct: correct!.data as Uint8Array });
  }
  const { scores, errors } = estimateMemorization(outcomes);
  const shape = [scores.length];
  await room.store.put(
    stage.key,
    encodeArtifact({ scores: { shape, data: scores }, errors: { shape, data: errors } }),
  );
}

export async function readMemorization(
  room: Pick<StudyRoom, 'artifact'>,
  { key, subsetKeys, share }: StageOf<'memorization'>,
): Promise<MemorizationStudy> {
  const { scores, errors } = decodeArtifact(await room.artifact(key)).tensors;
  const models = subsetKeys.length;
  return { models, share, scores: scores!.data as Float32Array, errors: errors!.data as Float32Array };
}
