import { expandRuns, expansionProblem, listOf } from '../../../lab/study/expand';
import type { Study } from '../../../lab/study/study';
import { count, plural } from '../../ui/format';
import { combinationsOf, type SweepRow } from './rows';

/** What a row comes to: `8 runs`, and of a tuned one that each is the `best of 3`. */
export function rowCount(row: SweepRow): { runs: string; best?: string } {
  const repeats = listOf(row.seed).length * (row.weights ? 1 : listOf(row.alpha).length);
  const combinations = combinationsOf(row);
  if (!row.select) return { runs: plural(repeats * combinations, 'run') };
  return { runs: plural(repeats, 'run'), best: `best of ${count(combinations)}` };
}

/** `12 runs, 4 candidates`; runs that two rows say count once. */
export function studyCount(study: Pick<Study, 'runs'>): string {
  if (expansionProblem(study.runs)) return 'too many runs';
  const runs = expandRuns(study);
  const tunings = new Set(runs.flatMap(({ tuning }) => tuning ?? []));
  const candidates = [...tunings].reduce((sum, tuning) => sum + tuning.candidates.length, 0);
  const text = plural(runs.length, 'run');
  return candidates > 0 ? `${text}, ${plural(candidates, 'candidate')}` : text;
}
