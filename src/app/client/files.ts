import { adviceForName, isDatasetName, readableListed } from '../../lab/data/formats/recognise';
import { checkpointAdvice, checkpointsListed, isCheckpointName } from '../../lab/nn/checkpoints/recognise';
import { openResult } from '../../lab/results/open-result';
import { LetheError } from '../../lab/settings';
import { DEEPEST, parseBoundedJson } from '../../lab/study/bounded-json';
import { recordings } from '../../lab/study/presets/recorded';
import type { StudyResult } from '../../lab/study/result';
import { parseStudy } from '../../lab/study/schema';
import type { Study } from '../../lab/study/study';

/** What somebody opened: a finished study or one that is still to be run, with what had to be dropped. */
export type Opened =
  | { kind: 'result'; result: StudyResult; problems: string[] }
  | { kind: 'study'; study: Study; problems: string[] }
  | { kind: 'bad'; problem: string };

/** What somebody who brought another file can do. */
const readableText = () =>
  `Lethe opens result.json and study.json, weights as ${checkpointsListed()}, and data sets as ${readableListed()}.`;

/** Why a file of that name cannot be opened in any way; undefined for others. What one registry reads the other may refuse. */
export function foreignFile(name: string): string | undefined {
  if (isCheckpointName(name) || isDatasetName(name)) return undefined;
  return checkpointAdvice(name) ?? adviceForName(name);
}

/** Reads a `result.json` or `study.json`. Never throws. */
export function readStudyFile(text: string, name: string): Opened {
  const bad = (problem: string): Opened => ({ kind: 'bad', problem });
  let input: unknown;
  try {
    input = parseBoundedJson(text, { depth: DEEPEST });
  } catch (error) {
    if (error instanceof RangeError) return bad(`This file cannot be used: ${error.message}.`);
    const isJson = /\.json$/i.test(name);
    return bad(
      isJson
        ? 'This file is not JSON: it is damaged or cut off.'
        : `This file is not JSON. ${readableText()}`,
    );
  }
  if (Array.isArray(input))
    return bad(
      'A list is no study. Indices to forget are pasted under Forget, for the rule “Picked by hand”.',
    );
  const fields = typeof input === 'object' ? input : null;
  if (fields && !('lethe' in fields))
    return bad('This is neither a study nor a result of Lethe, which say "lethe": 1.');
  if (fields && 'runs' in fields && 'study' in fields) {
    const parsed = openResult(input);
    return parsed.ok ? { kind: 'result', ...parsed } : bad(parsed.problem);
  }
  const parsed = parseStudy(input);
  return parsed.ok ? { kind: 'study', ...parsed } : bad(parsed.problem);
}

/**
 * The recorded result of a preset that is shipped with the page, or undefined when there is none.
 * @throws LetheError when nobody answers.
 */
export async function fetchRecorded(preset: string): Promise<StudyResult | undefined> {
  // Asking for what is not there would be logged as an error.
  if (!(preset in recordings)) return undefined;
  const response = await fetch(`recorded/${preset}.json`).catch(() => {
    throw new LetheError(
      'The recorded study could not be loaded: check the connection and choose the preset again.',
    );
  });
  try {
    // Hosts that answer everything with the page itself give HTML here.
    if (!response.ok || !response.headers.get('content-type')?.includes('json')) return undefined;
    const parsed = openResult(await response.json());
    return parsed.ok ? parsed.result : undefined;
  } catch {
    return undefined;
  }
}
