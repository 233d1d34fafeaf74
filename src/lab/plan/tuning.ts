import { LetheError } from '../settings';
import type { Tuned } from '../study/result';
import type { Run, Tuning } from '../study/study';
import type { Plan, PlannedStage, Winners } from './plan';
import type { PipelineStep } from './stage-planning';

/**
 * What the runs of a study are tuned over, each with its runs.
 * @throws LetheError where a seed on which settings are chosen is one of those that are reported.
 */
export function tuningsOf(runs: readonly Run[]): Map<Tuning, Run[]> {
  const tunings = new Map<Tuning, Run[]>();
  for (const run of runs) if (run.tuning) tunings.set(run.tuning, [...(tunings.get(run.tuning) ?? []), run]);
  for (const [{ seed }, [tuned]] of tunings)
    if (runs.some((run) => run.seed === seed))
      throw new LetheError(
        `The settings of ${tuned!.id} are chosen on seed ${seed}, which the study also reports: give its "select" a seed that no run has.`,
      );
  return tunings;
}

/** The candidates as runs on the selection seed. */
export function candidateRuns({ seed, candidates }: Tuning, tuned: Run): Run[] {
  const { tuning: _, ...run } = tuned;
  return candidates.map((candidate) => ({ ...run, ...candidate, label: candidate.id, seed }));
}

/** Whether what a step does for a run hangs on which of its candidates wins. */
export function isTuned({ tuning }: Run, step: PipelineStep): boolean {
  if (!tuning) return false;
  const [first, ...others] = tuning.candidates.map(({ localize }) => JSON.stringify(localize));
  return step !== 'localize' || others.some((localize) => localize !== first);
}

/**
 * The stages of a plan that are still to be done: what only leads to a selection is not, where that has been made.
 * @param has whether the store holds what the stage of this key leaves
 */
export function stagesLeft({ stages, selections }: Plan, has: (key: string) => boolean): PlannedStage[] {
  const made = new Set(
    selections.flatMap(({ key, candidates }) => (has(key) ? candidates.map(({ run }) => run.id) : [])),
  );
  return stages.filter(
    ({ key, runs }) => !has(key) && !(runs.length > 0 && runs.every((id) => made.has(id))),
  );
}

/** Which candidates won in a result of the plan's study. */
export function winnersIn({ selections }: Pick<Plan, 'selections'>, tuned: readonly Tuned[] = []): Winners {
  return new Map(
    selections.flatMap(({ key, runs }) => {
      const winner = tuned.find((own) => own.runs[0] === runs[0])?.winner;
      return winner === undefined ? [] : [[key, winner]];
    }),
  );
}
