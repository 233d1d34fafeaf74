import { type LibraryEntry, parseEntry } from '../../lab/library/entry';
import { LIBRARY_FOLDERS } from '../../lab/library/library-api';
import { sameContent, studyKey } from '../../lab/plan/study-key';
import { parseResult } from '../../lab/study/parse-result';
import type { StudyResult } from '../../lab/study/result';
import type { Study } from '../../lab/study/study';

/** What this browser keeps of a study. */
export interface KeptStudy {
  entry?: LibraryEntry;
  /** Absent while the study is unfinished. */
  result?: StudyResult;
}

/**
 * What this browser keeps of a study that asks for the same, read here and not by the library's worker, whose start a reader who comes back
 * need not wait for. Never rejects; nothing where the browser gives no private storage.
 */
export async function keptStudy(study: Study): Promise<KeptStudy> {
  try {
    if (!navigator.storage?.getDirectory) return {};
    const { opfsStore } = await import('../../lab/store/opfs');
    const read = async (folder: string) => {
      const bytes = await (await opfsStore(folder)).get(studyKey(study));
      return bytes && JSON.parse(new TextDecoder().decode(bytes));
    };
    const [kept, listed] = await Promise.all([read(LIBRARY_FOLDERS.results), read(LIBRARY_FOLDERS.entries)]);
    const parsed = kept === undefined ? undefined : parseResult(kept);
    return {
      entry: parseEntry(listed),
      result: parsed?.ok && sameContent(parsed.result.study, study) ? parsed.result : undefined,
    };
  } catch {
    return {};
  }
}
