import type { RunView } from '../../src/app/state/view';
import type { RunOutcome } from '../../src/lab/study/result';

/** Whether a run has all that it stands in the table and on the plane with. */
export function isFinishedRun(run: RunView): run is RunOutcome {
  const { metrics, series, cost, deltas } = run;
  return [metrics, series, cost, deltas].every((known) => known !== undefined);
}
