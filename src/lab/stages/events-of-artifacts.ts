import type { LabEvent } from '../lab-api';
import { type Plan, type PlannedStage, stageRef } from '../plan/plan';
import { planStudy } from '../plan/plan-study';
import { decodeEvent, encodeEvent } from '../results/progress-log';
import type { Cost } from '../study/result';
import { noteKey } from './common/model';
import type { LabRegistries } from './stage-kind';

/**
 * What a study's artifacts say of it, as the events that its run would have told: for a folder that holds no more. Which examples are
 * forgotten stands in none of them, nor how runs compare with the oracle.
 * @param get an artifact; undefined where there is none, or none that is whole
 */
export async function eventsOfArtifacts(
  plan: Plan,
  registries: LabRegistries,
  get: (key: string) => Promise<Uint8Array | undefined>,
): Promise<LabEvent[]> {
  const costs = new Map<string, Cost>();
  const told: LabEvent[] = [];
  const winners = new Map<string, number>();
  const tell = async (stage: PlannedStage) => {
    const kind = registries.stages.get(stage.stage);
    const bytes = await get(kind.note === 'beside' ? noteKey(stage.key) : stage.key);
    if (!bytes) return;
    const ref = stageRef(plan, stage);
    try {
      const found = kind.eventsFromArtifact
        ? await kind.eventsFromArtifact({ plan, ref, bytes, costs }, stage)
        : [];
      if (!found) return;
      const seconds = costs.get(stage.key)?.seconds ?? 0;
      const events: LabEvent[] = [...found, { type: 'stage-done', ref, cached: false, seconds }];
      // From a file like any other: what would not pass in a log does not pass here.
      if (!events.every((event) => decodeEvent(encodeEvent(event)!))) return;
      told.push(...events);
      for (const event of events)
        if (event.type === 'selected' && event.tuned.winner !== undefined)
          winners.set(event.ref.key, event.tuned.winner);
    } catch {
      // No artifact of this stage: it has to be computed again.
    }
  };
  for (const stage of plan.stages) await tell(stage);
  const known = new Set(plan.stages.map(({ key }) => key));
  const settled = winners.size > 0 ? planStudy(plan.study, registries, winners).stages : [];
  for (const stage of settled) if (!known.has(stage.key)) await tell(stage);
  // Loading the data leaves no artifact, but nothing was done without it.
  if (told.length > 0)
    told.unshift({ type: 'stage-done', ref: stageRef(plan, plan.stages[0]!), cached: false, seconds: 0 });
  return told;
}
