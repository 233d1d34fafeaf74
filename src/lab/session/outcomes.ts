import { deltas } from '../evaluate/deltas';
import type { ForgetSet } from '../forget/forget-rule';
import type { MemorizationStudy } from '../forget/memorization';
import { encodeScores } from '../localize/scores-codec';
import type { MapRecord, ModelOutcome } from '../study/result';
import { decodeArtifact } from './artifact';
import type { PlannedStage, StageOf } from './plan';
import type { StageRoom } from './room';
import { readLira } from './shadows';
import { type EvaluationNote, noteKey, readScores, readWeights } from './stages';
import { type ModelNote, TrainingRecorder } from './training';

/** What is known of an evaluated model. */
type Evaluation = Pick<ModelOutcome, 'metrics' | 'classes'>;

/** What the stages of a finished study left behind, by key. */
export interface Outcomes {
  models: Map<string, ModelNote>;
  evaluations: Map<string, Evaluation>;
  /** Why runs have no numbers, or lack some, by their id. */
  failures: Map<string, string>;
  maps: MapRecord[];
  losses: Float32Array;
  forget: ForgetSet;
  memorization?: MemorizationStudy;
}

export function noOutcomes(forget: ForgetSet): Outcomes {
  return {
    models: new Map(),
    evaluations: new Map(),
    failures: new Map(),
    maps: [],
    losses: new Float32Array(),
    forget,
  };
}

/**
 * Adds what a finished stage left in the store to the outcomes, and tells the page.
 * @param cached it was in the store already, so its curve has not been told step by step
 */
export async function collectOutcome(
  outcomes: Outcomes,
  room: StageRoom,
  stage: PlannedStage,
  cached: boolean,
): Promise<void> {
  const { emit, ref } = room;
  switch (stage.stage) {
    case 'pretrain':
    case 'oracle':
    case 'unlearn': {
      const note = await modelNote(room, stage.key);
      outcomes.models.set(stage.key, note);
      const { sizes, points } = note.series;
      if (cached) for (const point of points) emit({ type: 'series', ref, sizes, point });
      return;
    }
    case 'score': {
      const map = encodeScores(room.plan.spec, await readScores(room, stage.key), stage);
      outcomes.maps.push(map);
      emit({ type: 'scores', ref, map });
      return;
    }
    case 'evaluate': {
      const { tensors, note } = decodeArtifact(await room.artifact(stage.key));
      const { metrics, classes } = note as EvaluationNote;
      const losses = tensors.losses!.data as Float32Array;
      if (stage.of === 'original' && outcomes.losses.length === 0) outcomes.losses = losses;
      if (stage.of === 'original') emit({ type: 'losses', ref, losses });
      return takeEvaluation(outcomes, room, stage.key, stage.of, stage, { metrics, classes });
    }
    case 'lira': {
      const known = outcomes.evaluations.get(stage.evaluateKey)!;
      const metrics = { ...known.metrics, ...(await readLira(room, stage)) };
      return takeEvaluation(outcomes, room, stage.evaluateKey, 'run', stage, { ...known, metrics });
    }
  }
}

async function modelNote(room: StageRoom, key: string): Promise<ModelNote> {
  const note = decodeArtifact(await room.artifact(noteKey(key))).note as ModelNote;
  if (note.forget === room.forgetHash) return note;
  // An original that was trained beside another forget set: its curve is not ours, but its end can be measured.
  const weights = await readWeights(room, key);
  await room.model.load(weights);
  const recorder = new TrainingRecorder(room);
  await recorder.measureAt(note.series.points.at(-1)?.epoch ?? 0);
  return { ...recorder.note(weights, weights), cost: note.cost };
}

function takeEvaluation(
  outcomes: Outcomes,
  { plan, registries, emit, ref }: StageRoom,
  key: string,
  of: StageOf<'evaluate'>['of'],
  { seed, modelKey }: { seed: number; modelKey: string },
  evaluation: Evaluation,
): void {
  outcomes.evaluations.set(key, evaluation);
  const oracle = outcomes.evaluations.get(plan.seeds.get(seed)!.evaluateOracle);
  const compared = oracle && of !== 'oracle';
  emit({
    type: 'metrics',
    ref,
    of,
    ...evaluation,
    ...(compared && { deltas: deltas(oracle.metrics, evaluation.metrics, registries.metrics) }),
    cost: outcomes.models.get(modelKey)!.cost,
  });
}
