import { parseResult } from '../../lab/study/parse-result';
import type { StudyResult } from '../../lab/study/result';
import type { Study } from '../../lab/study/study';
import { sameContent, studyKey } from '../state/study-names';

/** The results of what was computed in this browser, each under what its study asks for; beside the worker's artifacts. */
const FOLDER = 'lethe-results';

/** undefined where the browser gives no private storage. */
async function openResults() {
  if (!navigator.storage?.getDirectory) return undefined;
  const { opfsStore } = await import('../../lab/store/opfs');
  return opfsStore(FOLDER);
}

/** Keeps a finished study for the next visit. Never rejects: without storage, or space, the study can be run again. */
export async function keepResult(result: StudyResult): Promise<void> {
  try {
    const results = await openResults();
    await results?.put(studyKey(result.study), new TextEncoder().encode(JSON.stringify(result)));
  } catch {
    // Its artifacts are still cached.
  }
}

/** What was computed in this browser of a study that asks for the same, under the name it had then. Never rejects. */
export async function keptResult(study: Study): Promise<StudyResult | undefined> {
  try {
    const bytes = await (await openResults())?.get(studyKey(study));
    const parsed = bytes && parseResult(JSON.parse(new TextDecoder().decode(bytes)));
    return parsed?.ok && sameContent(parsed.result.study, study) ? parsed.result : undefined;
  } catch {
    return undefined;
  }
}
