import { parseStudy } from '../../lab/study/schema';
import type { Study } from '../../lab/study/study';

const KEY = 'lethe.unfinished';

/** Held by every tab that computes, as long as it lives. */
const COMPUTING = 'lethe-computing';

/** Lets other tabs know that something is computed here. @returns what ends it */
export function markComputing(): () => void {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  // A sandboxed frame has no locks: other tabs are not told.
  navigator.locks?.request(COMPUTING, { mode: 'shared' }, () => ended).catch(() => {});
  return end;
}

/** Whether any tab computes now. */
export async function isComputing(): Promise<boolean> {
  const { held = [] } = (await navigator.locks?.query().catch(() => undefined)) ?? {};
  return held.some(({ name }) => name === COMPUTING);
}

/** Remembers the study that is being run, so that a reload can offer to go on; its artifacts stand in the worker's own store. */
export function rememberUnfinished(study: Study | undefined): void {
  try {
    if (study) localStorage.setItem(KEY, JSON.stringify(study));
    else localStorage.removeItem(KEY);
  } catch {
    // Site data is blocked: the page works, but a reload offers no unfinished study.
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
