import { willStream } from '../data/read-stored';
import { LetheError } from '../settings';
import type { Tuned } from '../study/result';
import type { Study } from '../study/study';
import { type StudyCost, studyCost } from './cost';
import { planStudy } from './plan-study';
import type { PlanRegistries } from './stage-planning';
import { winnersIn } from './tuning';

/** What the price of a study depends on; plain data, so that a worker can be asked for it. */
export interface PriceRequest {
  study: Study;
  /** A study whose settings were chosen already: that is not done again. */
  chosen?: { study: Study; tuned: readonly Tuned[] };
  /** Keys of the stages that are known to be stored. */
  cached: readonly string[];
  /** Bytes of images that are held in memory; absent: as usual. */
  memory?: number;
}

/** What a study will take. */
export interface Price extends StudyCost {
  /** Nothing is left to be computed. */
  allCached: boolean;
}

/** Plans a study and reckons it up. @returns undefined for one that cannot be planned; why is said where it is run. */
export function priceStudy(request: PriceRequest, registries: PlanRegistries): Price | undefined {
  const { study, chosen } = request;
  try {
    const winners = chosen && winnersIn(planStudy(chosen.study, registries), chosen.tuned);
    const plan = planStudy(study, registries, winners);
    const source = registries.sources.get(study.data.source);
    const { shape, augment } = source;
    const data = { shape, augment, streamed: willStream(source, study.data, request.memory) };
    const cached = new Set(request.cached);
    const cost = studyCost({ plan, registries, data, cached });
    return { ...cost, allCached: plan.stages.every(({ key }) => cached.has(key)) };
  } catch (error) {
    if (error instanceof LetheError) return undefined;
    throw error;
  }
}
