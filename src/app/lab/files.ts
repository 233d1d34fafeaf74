import { parseResult } from '../../lab/study/parse-result';
import type { StudyResult } from '../../lab/study/result';
import { parseStudy } from '../../lab/study/schema';
import type { Study } from '../../lab/study/study';

/** What somebody opened: a finished study or one that is still to be run, with what had to be dropped. */
export type Opened =
  | { kind: 'result'; result: StudyResult; problems: string[] }
  | { kind: 'study'; study: Study; problems: string[] }
  | { kind: 'bad'; problem: string };

/** Reads a `result.json` or `study.json`. Never throws. */
export function readStudyFile(text: string): Opened {
  let input: unknown;
  try {
    input = JSON.parse(text);
  } catch {
    return { kind: 'bad', problem: 'This file is not JSON; Lethe opens result.json and study.json.' };
  }
  const isResult = typeof input === 'object' && input !== null && 'runs' in input && 'study' in input;
  if (isResult) {
    const parsed = parseResult(input);
    return parsed.ok ? { kind: 'result', ...parsed } : { kind: 'bad', problem: parsed.problem };
  }
  const parsed = parseStudy(input);
  return parsed.ok ? { kind: 'study', ...parsed } : { kind: 'bad', problem: parsed.problem };
}

/** The recorded result of a preset that is shipped with the page, or undefined when there is none. */
export async function fetchRecorded(preset: string): Promise<StudyResult | undefined> {
  try {
    const response = await fetch(`recorded/${preset}.json`);
    // Hosts that answer everything with the page itself give HTML here.
    if (!response.ok || !response.headers.get('content-type')?.includes('json')) return undefined;
    const parsed = parseResult(await response.json());
    return parsed.ok ? parsed.result : undefined;
  } catch {
    return undefined;
  }
}
