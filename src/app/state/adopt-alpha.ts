import { listOf, oneOrList } from '../../lab/study/expand';
import type { Study } from '../../lab/study/study';

/**
 * The study with the budget that the handle stands on: a single budget of the strategy is replaced, a sweep gets one more.
 * Runs of other strategies stay as they are.
 */
export function adoptAlpha(study: Study, strategy: string, alpha: number): Study {
  const runs = study.runs.flatMap((run) => {
    const strategies = listOf(run.strategy);
    const at = strategies.indexOf(strategy);
    if (at < 0) return [run];
    const others = (ids: string[]) => (ids.length > 0 ? [{ ...run, strategy: oneOrList(ids) }] : []);
    const budgets = Array.isArray(run.alpha)
      ? [...new Set([...run.alpha, alpha])].sort((a, b) => a - b)
      : alpha;
    return [
      ...others(strategies.slice(0, at)),
      { ...run, strategy, alpha: budgets },
      ...others(strategies.slice(at + 1)),
    ];
  });
  return { ...study, runs };
}

/** Whether the study already has a run of this strategy at this budget, or none of this strategy at all. */
export function nothingToAdopt(study: Study, strategy: string, alpha: number): boolean {
  const own = study.runs.filter((run) => listOf(run.strategy).includes(strategy));
  return own.length === 0 || own.some((run) => listOf(run.alpha).includes(alpha));
}
