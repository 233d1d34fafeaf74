import { listOf } from '../../lab/study/expand';
import type { Study } from '../../lab/study/study';

/**
 * The study with the budget that the handle stands on: a single budget of the strategy is replaced, a sweep gets one more.
 * Runs of other strategies stay as they are.
 */
export function adoptAlpha(study: Study, strategy: string, alpha: number): Study {
  const runs = study.runs.map((run) => {
    if (!listOf(run.strategy).includes(strategy)) return run;
    if (!Array.isArray(run.alpha)) return { ...run, alpha };
    const swept = [...new Set([...run.alpha, alpha])].sort((a, b) => a - b);
    return { ...run, alpha: swept };
  });
  return { ...study, runs };
}

/** Whether the study already has a run of this strategy at this budget, or none of this strategy at all. */
export function nothingToAdopt(study: Study, strategy: string, alpha: number): boolean {
  const own = study.runs.filter((run) => listOf(run.strategy).includes(strategy));
  return own.length === 0 || own.some((run) => listOf(run.alpha).includes(alpha));
}
