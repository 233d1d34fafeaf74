import { resolve } from 'node:path';
import type { Plan } from '../lab/plan/plan';
import { planStudy } from '../lab/plan/plan-study';
import { winnersIn } from '../lab/plan/tuning';
import { registries } from '../lab/session/all-registries';
import type { Session } from '../lab/session/session';
import { LetheError } from '../lab/settings';
import { changeGivenFiles } from '../lab/study/given-files';
import { parseResult } from '../lab/study/parse-result';
import type { StudyResult } from '../lab/study/result';
import { isKept } from './study-folder';

/** An artifact that becomes a file. */
export interface ResultFile {
  name: string;
  what: Parameters<Session['export']>;
  /** Id of what makes it: a run, or a part such as `original-s0` and `oracle-s0`. */
  part: string;
}

/**
 * Which artifacts of a study become files, and under which names.
 * @param found says which runs failed, so that they have no weights, and which settings tuned ones use
 */
export function filesOf(
  { study, selections, ...first }: Pick<Plan, 'study' | 'runs' | 'stages' | 'selections'>,
  {
    failed = [],
    tuned,
    runs: told = [],
  }: Pick<StudyResult, 'failed' | 'tuned'> & { runs?: readonly { id: string }[] } = {},
): ResultFile[] {
  const winners = winnersIn({ selections }, tuned);
  const { runs, stages } = winners.size > 0 ? planStudy(study, registries, winners) : first;
  // One that failed may lack the strong attack alone.
  const lost = new Set(failed.flatMap(({ id }) => (told.some((run) => run.id === id) ? [] : [id])));
  const files: ResultFile[] = [];
  const seeds = new Set<number>();
  const scores = new Set<string>();
  for (const { run, score, mask, select } of runs) {
    const { id, seed } = run;
    const original = `original-s${seed}`;
    if (!seeds.has(seed)) {
      seeds.add(seed);
      const oracle = `oracle-s${seed}`;
      files.push({ name: `${original}.safetensors`, what: ['original', id], part: original });
      files.push({ name: `${oracle}.safetensors`, what: ['oracle', id], part: oracle });
    }
    if (!lost.has(id)) files.push({ name: `${id}.safetensors`, what: ['run', id], part: id });
    if (mask) files.push({ name: `${id}.mask.safetensors`, what: ['mask', id], part: id });
    // Where the winner's settings decide over the scores, they are the run's own.
    const own = select !== undefined && stages.find(({ key }) => key === score)?.needs.includes(select);
    // A sweep over alpha has one map for all its runs: it is named after the first.
    if (score && (own || !scores.has(score))) {
      scores.add(score);
      files.push({ name: `${id}.scores.safetensors`, what: ['scores', id], part: own ? id : original });
    }
  }
  return files;
}

/**
 * Files that a study names stay as they are.
 * @param base the folder of the study's file
 * @throws LetheError naming one that the study would replace by what it writes into `folder`
 */
export async function checkInputsStay(plan: Plan, base: string, folder: string): Promise<void> {
  const written = new Set(filesOf(plan).map(({ name }) => resolve(folder, name)));
  await changeGivenFiles(plan.study, (given) => {
    const isInput = given.sha256 === undefined || !isKept(folder, given.sha256);
    if (isInput && written.has(resolve(base, given.file)))
      throw new LetheError(
        `${given.file}, which the study reads, would be replaced by what is written into ${folder}: choose another --out.`,
      );
    return given;
  });
}

/**
 * The content of `result.json`. Its fields stand in the order in which they are read, whoever made them: one process and many write the
 * same bytes, apart from dates, seconds and devices.
 */
export function resultText(result: StudyResult): string {
  const text = JSON.stringify(result);
  const parsed = parseResult(JSON.parse(text));
  const isWhole = parsed.ok && parsed.problems.length === 0;
  return `${isWhole ? JSON.stringify(parsed.result) : text}\n`;
}
