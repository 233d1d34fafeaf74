import { existsSync, statSync } from 'node:fs';
import { openResult } from '../lab/results/open-result';
import { LetheError } from '../lab/settings';
import { asRefusal } from '../lab/study/prune';
import type { StudyResult } from '../lab/study/result';
import { readJson } from './inputs';
import { shellQuoted } from './quoted';
import { inFolder } from './study-folder';

/**
 * The result of a study.
 * @param place its file, or the folder of the study
 * @throws LetheError when there is none or a part of it is damaged: a table with rows left out would look complete.
 */
export async function readResult(place: string): Promise<StudyResult> {
  const isFolder = existsSync(place) && statSync(place).isDirectory();
  const path = isFolder ? inFolder.result(place) : place;
  if (isFolder && !existsSync(path))
    throw new LetheError(
      `${place} holds no result.json: ${existsSync(inFolder.study(place)) ? `its study is not done; lethe run --resume --out ${shellQuoted(place)} goes on, or lethe merge joins its parts` : 'lethe run writes one'}.`,
    );
  const parsed = openResult(await readJson(path));
  if (!parsed.ok) throw new LetheError(`${path}: ${parsed.problem}`);
  if (parsed.problems[0]) throw new LetheError(`${path}: ${asRefusal(parsed.problems[0])}`);
  return parsed.result;
}
