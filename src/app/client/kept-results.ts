import type { OpfsStore, StoredFile } from '../../lab/store/opfs';
import { parseResult } from '../../lab/study/parse-result';
import type { StudyResult } from '../../lab/study/result';
import type { Study } from '../../lab/study/study';
import { sameContent, studyKey } from '../state/study-names';

/** The results of what was computed in this browser, each under what its study asks for; beside the worker's artifacts. */
const FOLDER = 'lethe-results';

/** More results, or more bytes of them, are not kept: a result takes kilobytes, with maps of a large network megabytes. */
export const MOST_KEPT = { results: 100, bytes: 250e6 };

export type ResultStore = Pick<OpfsStore, 'get' | 'put' | 'delete' | 'files'>;

/** How much is kept. */
export interface KeptAmount {
  results: number;
  bytes: number;
}

/** undefined where the browser gives no private storage. */
async function openResults(): Promise<ResultStore | undefined> {
  if (!navigator.storage?.getDirectory) return undefined;
  const { opfsStore } = await import('../../lab/store/opfs');
  return opfsStore(FOLDER);
}

const amountOf = (files: readonly StoredFile[]): KeptAmount => ({
  results: files.length,
  bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
});

/**
 * The files that have to go so that the others are no more than `most`, the oldest first.
 * @param spared keys of those that stay in any case
 */
export function surplusFiles(
  files: readonly StoredFile[],
  spared: ReadonlySet<string>,
  most: KeptAmount = MOST_KEPT,
): StoredFile[] {
  const left = amountOf(files);
  const surplus: StoredFile[] = [];
  for (const file of files.toSorted((a, b) => a.written - b.written)) {
    if (left.results <= most.results && left.bytes <= most.bytes) break;
    if (spared.has(file.key)) continue;
    left.results--;
    left.bytes -= file.bytes;
    surplus.push(file);
  }
  return surplus;
}

/**
 * Keeps a finished study for the next visit. Never rejects: without storage, or space, the study can be run again.
 * @param shown studies whose results are on screen: theirs are kept too, however old
 * @returns how many older results were given up for it
 */
export async function keepResult(
  result: StudyResult,
  shown: readonly Study[],
  opened: Promise<ResultStore | undefined> = openResults(),
): Promise<number> {
  try {
    const results = await opened;
    if (!results) return 0;
    await results.put(studyKey(result.study), new TextEncoder().encode(JSON.stringify(result)));
    const spared = new Set([result.study, ...shown].map(studyKey));
    const surplus = surplusFiles(await results.files(), spared);
    for (const { key } of surplus) await results.delete(key);
    return surplus.length;
  } catch {
    // Its artifacts are still cached.
    return 0;
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

/** How much is kept; nothing where the browser gives no private storage. Never rejects. */
export async function keptAmount(): Promise<KeptAmount> {
  try {
    return amountOf((await (await openResults())?.files()) ?? []);
  } catch {
    return amountOf([]);
  }
}

/** Deletes every result that is kept. Rejects as the browser's storage does. */
export async function clearKept(): Promise<void> {
  const results = await openResults();
  for (const { key } of (await results?.files()) ?? []) await results?.delete(key);
}
