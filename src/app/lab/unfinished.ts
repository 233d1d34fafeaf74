import { parseStudy } from '../../lab/study/schema';
import type { Study } from '../../lab/study/study';

const KEY = 'lethe.unfinished';

/** Remembers the study that is being run, so that a reload can offer to go on; its artifacts stand in the worker's own store. */
export function rememberUnfinished(study: Study | undefined): void {
  try {
    if (study) localStorage.setItem(KEY, JSON.stringify(study));
    else localStorage.removeItem(KEY);
  } catch {
    // Blocked site data: the page works all the same, a reload just offers nothing.
  }
}

/** The study that was being run when the page was left, if any. */
export function recallUnfinished(): Study | undefined {
  try {
    const text = localStorage.getItem(KEY);
    const parsed = text ? parseStudy(JSON.parse(text)) : undefined;
    return parsed?.ok ? parsed.study : undefined;
  } catch {
    return undefined;
  }
}
