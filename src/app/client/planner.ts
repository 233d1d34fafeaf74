import type { Price, PriceRequest } from '../../lab/plan/price';
import type { Staleness } from '../../lab/plan/staleness';
import { expansionSize } from '../../lab/study/expand';
import type { Study } from '../../lab/study/study';
import { keepWorker } from './kept-worker';

/** The worker's interface, repeated here: the page may not import the worker's file. */
interface Planner {
  price(request: PriceRequest): Price | undefined;
  staleness(shown: Study | undefined, edited: Study): Staleness;
}

/** More runs than these take longer to plan than a frame: a hundredth of a second for ten. */
const MANY_RUNS = 40;

/** Whether a study is planned by the worker; for a small one none is started. */
export const isPlannedApart = (study: Study): boolean => expansionSize(study.runs) > MANY_RUNS;

const planner = keepWorker<Planner>(
  () => new Worker(new URL('../../../workers/plan.worker.ts', import.meta.url), { type: 'module' }),
  'The study could not be planned: reload the page.',
);

/** Asks the worker, which is started for the first question and kept. Rejects where the page may start none. */
export const askPlanner = planner.ask;
