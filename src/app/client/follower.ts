import type { AppStore } from '../state/store';
import type { View } from '../state/view';
import type { Pulses } from './folder/follow-state';
import type { Findings, Reading } from './folder/read-folder';
import type { ResultFolder } from './folder/result-folder';
import type { Keeper } from './library-keeper';
import { loadPart } from './load-part';
import type { TakeTurn } from './turns';

/** Shows folders of results, and those of an unfinished run again and again until it is done. */
export interface Follower {
  open(folder: ResultFolder): Promise<void>;
  /** What is shown stays. */
  stop(): void;
}

interface Page extends Pick<Keeper, 'keep'> {
  isActive(): boolean;
  takeTurn: TakeTurn;
}

/** How often a folder is looked into. */
const EVERY_MS = 3000;
const MOMENT_MS = 500;

/** @param now a clock in milliseconds since 1970, as files are dated */
export function createFollower(store: AppStore, page: Page, now: () => number = Date.now): Follower {
  let current: symbol | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let shown: View | undefined;

  function stop(): void {
    current = undefined;
    clearTimeout(timer);
    const { following, view, setFollowing, refresh } = store.getState();
    if (!following) return;
    setFollowing(undefined);
    // The folder is not read any more: the view must not claim that a run is at work.
    if (view && view === shown && view.state === 'running') refresh({ ...view, state: 'cancelled' });
  }

  // Showing anything else ends the following.
  store.subscribe(({ view }, before) => {
    if (current && view !== before.view && view !== shown) stop();
  });

  async function open(folder: ResultFolder): Promise<void> {
    stop();
    const own = Symbol(folder.name);
    current = own;
    const turn = page.takeTurn();
    const { folderReader, takePulses, followState, viewOfFindings, withProgress } = await loadPart(
      () => import('./folder'),
    );
    const read = folderReader(folder);
    const { name, live, address } = folder;
    let pulses: Pulses = {};
    let last: { findings: Findings; view: View } | undefined;
    let lastChange = 0;
    const told = new Set<string>();

    function takeReading({ findings, beats, changed }: Reading): boolean {
      const at = now();
      const first = last === undefined;
      if (last?.findings !== findings) {
        lastChange = first ? Math.min(changed, at) : at;
        last = { findings, view: viewOfFindings(findings) };
        if (findings.result) void page.keep(findings.result, 'opened');
        for (const problem of findings.problems) {
          if (!told.has(problem)) store.getState().notify(`${name}, ${problem}`);
          told.add(problem);
        }
      }
      pulses = takePulses(pulses, beats, at);
      lastChange = Math.max(lastChange, ...Object.values(pulses).map((pulse) => pulse.at));
      const state = followState(findings, pulses, at);
      shown = { ...withProgress(last.view, beats, state), address };
      const { show, refresh, setFollowing, openStudy } = store.getState();
      if (first) openStudy(findings.study);
      (first ? show : refresh)(shown);
      const done = state.kind === 'done';
      setFollowing(done ? undefined : { folder: name, live, state, lastChange });
      return !done;
    }

    /** Tries once more after a moment: a file may have been replaced while it was read. */
    async function readAgain(error: unknown): Promise<Reading> {
      if (!last) throw error;
      await new Promise((resolve) => setTimeout(resolve, MOMENT_MS));
      return read();
    }

    async function look(): Promise<void> {
      let goesOn = true;
      try {
        const reading = await read().catch(readAgain);
        if (current !== own) return;
        const before = last;
        if (!before && turn.overtaken()) return stop();
        if (!before && page.isActive()) {
          stop();
          store.getState().notify('A study is running: stop it to see the opened folder.');
          return;
        }
        if (!before) turn.shown();
        goesOn = takeReading(reading);
        if (before && !goesOn)
          store.getState().notify(`The run in ${name} has finished; all of it is shown.`);
      } catch (error) {
        if (current !== own) return;
        if (!last) {
          stop();
          const { name: kind, message } = error as Error;
          const changed = kind === 'NotReadableError';
          store.getState().notify(changed ? `${name} changed while it was read: open it again.` : message);
          return;
        }
        const state = { kind: 'gone' as const };
        shown = { ...withProgress(last.view, [], state), address };
        store.getState().refresh(shown);
        store.getState().setFollowing({ folder: name, live, state, lastChange });
      }
      if (!goesOn) return stop();
      if (live) timer = setTimeout(look, EVERY_MS);
    }
    await look();
  }

  return { open, stop };
}
