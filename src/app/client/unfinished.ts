import { parseStudy } from '../../lab/study/schema';
import type { Study } from '../../lab/study/study';
import { studyKey } from '../state/study-names';

/** Each study has a mark of its own, since several tabs compute several studies. */
const MARK = 'lethe.unfinished.';
/** What earlier versions used: one mark for all. */
const SINGLE_MARK = 'lethe.unfinished';

/** Held by every tab that computes a study, as long as it lives. */
const lockOf = (study: Study) => `lethe-computing-${studyKey(study)}`;

/** Lets other tabs know that a study is computed here. @returns what ends it */
export function markComputing(study: Study): () => void {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  // A sandboxed frame has no locks: other tabs are not told.
  navigator.locks?.request(lockOf(study), { mode: 'shared' }, () => ended).catch(() => {});
  return end;
}

/** Whether any tab computes this study now. */
export async function isComputing(study: Study): Promise<boolean> {
  const { held = [] } = (await navigator.locks?.query().catch(() => undefined)) ?? {};
  return held.some(({ name }) => name === lockOf(study));
}

/** Remembers a study that is being run, so that a reload can offer to go on; its artifacts stand in the worker's own store. */
export function rememberUnfinished(study: Study): void {
  try {
    localStorage.setItem(MARK + studyKey(study), JSON.stringify({ study, since: Date.now() }));
  } catch {
    // Site data is blocked: the page works, but a reload offers no unfinished study.
  }
}

/** Forgets that study alone: it was finished or stopped. */
export function forgetUnfinished(study: Study): void {
  try {
    localStorage.removeItem(MARK + studyKey(study));
  } catch {
    // As above.
  }
}

/** The studies that were being run when their page was left, the latest first. */
export function recallUnfinished(): Study[] {
  try {
    takeOverSingleMark();
    const marks = Object.keys(localStorage).filter((key) => key.startsWith(MARK));
    return marks
      .flatMap((key) => readMark(localStorage.getItem(key)) ?? [])
      .sort((a, b) => b.since - a.since)
      .map(({ study }) => study);
  } catch {
    return [];
  }
}

function readMark(text: string | null): { study: Study; since: number } | undefined {
  try {
    const { study, since } = JSON.parse(text ?? '');
    const parsed = parseStudy(study);
    return parsed.ok ? { study: parsed.study, since: Number(since) || 0 } : undefined;
  } catch {
    return undefined;
  }
}

function takeOverSingleMark(): void {
  const text = localStorage.getItem(SINGLE_MARK);
  if (text === null) return;
  localStorage.removeItem(SINGLE_MARK);
  const parsed = parseStudy(JSON.parse(text));
  if (parsed.ok) rememberUnfinished(parsed.study);
}
