import type { Study } from '../study/study';
import { planStudy } from './plan-study';
import type { PlanRegistries } from './stage-planning';

export interface Staleness {
  /** Kinds of stages that would be computed anew. */
  stages: ReadonlySet<string>;
  /** How many stages would be computed anew. */
  count: number;
  /** Why the edited study cannot be run at all. */
  problem?: string;
}

export const NOTHING_STALE: Staleness = { stages: new Set(), count: 0 };

/**
 * What an edit makes stale: the stages of the edited study whose content the shown study does not have. Compares content keys,
 * so a change that is taken back leaves nothing stale. Never throws.
 */
export function staleness(shown: Study | undefined, edited: Study, registries: PlanRegistries): Staleness {
  try {
    const planned = planStudy(edited, registries).stages;
    if (!shown || shown === edited) return NOTHING_STALE;
    const known = new Set(planStudy(shown, registries).stages.map((stage) => stage.key));
    const stale = planned.filter((stage) => !known.has(stage.key));
    return { stages: new Set(stale.map((stage) => stage.stage)), count: stale.length };
  } catch (error) {
    return { ...NOTHING_STALE, problem: error instanceof Error ? error.message : String(error) };
  }
}
