import type { LabEvent } from '../../lab-api';
import type { PlannedStage } from '../../plan/plan';
import type { ModelNote, Outcomes } from '../../results/outcomes';
import type { Checkpoint } from '../../tensors';
import type { ArtifactReader, StageContext } from '../context';
import type { ArtifactsContext } from '../stage-kind';
import { decodeArtifact, encodeArtifact, floatTensors } from './artifact';
import { stateKey, TrainingRecorder } from './training';

/** Of a float32. */
export const WEIGHT_BYTES = 4;

/** Where the note of a model's artifact stands: small, so that a finished stage is known without reading its weights. */
export function noteKey(key: string): string {
  return `${key}.note`;
}

/** Leaves a model in the store. The note last: with it the stage counts as done. */
export async function putModel(
  { store }: StageContext,
  key: string,
  weights: Checkpoint,
  note: ModelNote,
): Promise<void> {
  await store.put(key, encodeArtifact(weights));
  await store.put(noteKey(key), encodeArtifact({}, note));
  await store.delete(stateKey(key));
}

export async function readWeights({ artifact }: ArtifactReader, key: string): Promise<Checkpoint> {
  return floatTensors(decodeArtifact(await artifact(key)).tensors);
}

/** `StageKind.collect` of the kinds that leave a model. */
export async function collectModel(
  outcomes: Outcomes,
  context: StageContext,
  { key }: PlannedStage,
  cached: boolean,
): Promise<void> {
  const note = await modelNote(context, key);
  outcomes.models.set(key, note);
  const { sizes, points } = note.series;
  if (cached) for (const point of points) context.emit({ type: 'series', ref: context.ref, sizes, point });
}

/** `StageKind.eventsFromArtifact` of the same. */
export async function eventsFromModel(
  { ref, bytes, costs }: ArtifactsContext,
  { key }: PlannedStage,
): Promise<LabEvent[]> {
  const { series, cost } = decodeArtifact(bytes).note as ModelNote;
  costs.set(key, cost);
  return series.points.map((point) => ({ type: 'series', ref, sizes: series.sizes, point }));
}

async function modelNote(context: StageContext, key: string): Promise<ModelNote> {
  const note = decodeArtifact(await context.artifact(noteKey(key))).note as ModelNote;
  const { seed } = context.plan.study;
  if (note.forget === context.forgetHash && (note.seed ?? seed) === seed) return note;
  // An original that was trained beside another forget set, or with other samples of it: its curve is not ours, but its end can be measured.
  const weights = await readWeights(context, key);
  await context.model.load(weights);
  const recorder = new TrainingRecorder(context);
  await recorder.measureAt(note.series.points.at(-1)?.epoch ?? 0);
  return { ...recorder.note(weights, weights), cost: note.cost };
}
