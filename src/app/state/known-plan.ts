import type { Plan, Winners } from '../../lab/plan/plan';
import { planStudy } from '../../lab/plan/plan-study';
import { registries } from '../../lab/session/all-registries';
import type { Study } from '../../lab/study/study';

/** The plan of a study; undefined where it names something that is not known here: data of another machine, for example. */
export function knownPlan(study: Study, winners?: Winners): Plan | undefined {
  try {
    return planStudy(study, registries, winners);
  } catch {
    return undefined;
  }
}
