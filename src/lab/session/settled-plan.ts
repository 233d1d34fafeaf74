import type { Plan } from '../plan/plan';
import { planStudy } from '../plan/plan-study';
import { decodeSelection } from '../stages/select';
import type { LabRegistries } from '../stages/stage-kind';
import type { ArtifactStore } from '../store/store';
import type { Study } from '../study/study';

/** The plan of a study with the winners of the selections that the store holds. */
export async function settledPlan(
  study: Study,
  registries: LabRegistries,
  store: Pick<ArtifactStore, 'get'>,
): Promise<Plan> {
  const plan = planStudy(study, registries);
  const winners = new Map<string, number>();
  for (const { key, runs } of plan.selections) {
    const bytes = await store.get(key);
    const winner = bytes && decodeSelection(bytes, runs).winner;
    if (winner !== undefined) winners.set(key, winner);
  }
  return winners.size > 0 ? planStudy(study, registries, winners) : plan;
}
