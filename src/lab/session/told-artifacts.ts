import { encodeScores } from '../localize/scores-codec';
import type { Cost } from '../study/result';
import { decodeArtifact } from './artifact';
import type { LabEvent } from './events';
import { readMemorization } from './memorization';
import { type Plan, type PlannedStage, stageRef } from './plan';
import { decodeEvent, encodeEvent } from './progress-log';
import { type EvaluationNote, noteKey, readScores } from './stages';
import type { ModelNote } from './training';

/**
 * What a study's artifacts say of it, as the events that its run would have told: for a folder that holds no more. Which examples are
 * forgotten stands in none of them, nor how runs compare with the oracle.
 * @param get an artifact; undefined where there is none, or none that is whole
 */
export async function eventsOfArtifacts(
  plan: Plan,
  get: (key: string) => Promise<Uint8Array | undefined>,
): Promise<LabEvent[]> {
  const costs = new Map<string, Cost>();
  const told: LabEvent[] = [];
  for (const stage of plan.stages) {
    const bytes = await get(isModel(stage) ? noteKey(stage.key) : stage.key);
    if (!bytes) continue;
    try {
      const events = await eventsOf(plan, stage, bytes, costs);
      // From a file like any other: what would not pass in a log does not pass here.
      if (events.every((event) => decodeEvent(encodeEvent(event)!))) told.push(...events);
    } catch {
      // No artifact of this stage: it has to be computed again.
    }
  }
  const data = plan.stages.find(({ stage }) => stage === 'data');
  // It leaves no artifact, but nothing was done without it.
  if (data && told.length > 0)
    told.unshift({ type: 'stage-done', ref: stageRef(plan, data), cached: false, seconds: 0 });
  return told;
}

const isModel = ({ stage }: PlannedStage): boolean =>
  stage === 'pretrain' || stage === 'oracle' || stage === 'unlearn';

async function eventsOf(
  plan: Plan,
  stage: PlannedStage,
  bytes: Uint8Array,
  costs: Map<string, Cost>,
): Promise<LabEvent[]> {
  const ref = stageRef(plan, stage);
  const room = { artifact: async () => bytes };
  const done = (seconds = 0): LabEvent => ({ type: 'stage-done', ref, cached: false, seconds });
  switch (stage.stage) {
    case 'pretrain':
    case 'oracle':
    case 'unlearn': {
      const { series, cost } = decodeArtifact(bytes).note as ModelNote;
      const { sizes, points } = series;
      costs.set(stage.key, cost);
      return [
        ...points.map((point): LabEvent => ({ type: 'series', ref, sizes, point })),
        done(cost.seconds),
      ];
    }
    case 'evaluate': {
      const { tensors, note } = decodeArtifact(bytes);
      const { metrics, classes } = note as EvaluationNote;
      const cost = costs.get(stage.modelKey);
      if (!cost) return [];
      const losses = tensors.losses!.data as Float32Array;
      return [
        ...(stage.of === 'original' ? [{ type: 'losses' as const, ref, losses }] : []),
        { type: 'metrics', ref, of: stage.of, metrics, classes, cost },
        done(),
      ];
    }
    case 'score':
      return [
        { type: 'scores', ref, map: encodeScores(plan.spec, await readScores(room, stage.key), stage) },
        done(),
      ];
    case 'memorization':
      return [{ type: 'memorization', ref, memorization: await readMemorization(room, stage) }, done()];
    default:
      return [done()];
  }
}
