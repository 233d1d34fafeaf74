import { listText } from '../../lab/format';
import type { LibraryOrigin } from '../../lab/library/entry';
import type { Space } from '../../lab/library/shelf';
import { sameContent, studyKey } from '../../lab/plan/study-key';
import type { StudyResult } from '../../lab/study/result';
import type { Study } from '../../lab/study/study';
import { entryOfView } from '../state/entry-of-view';
import { resultOfView } from '../state/result-of-view';
import type { AppState, AppStore } from '../state/store';
import type { View } from '../state/view';
import type { Library } from './library';

/** Keeps what is computed or opened on this page, in the library of studies. */
export interface Keeper {
  /** Keeps a finished study, and says what went for it or why it was not kept. Never rejects. */
  keep(result: StudyResult, origin: Exclude<LibraryOrigin, 'recorded'>): Promise<void>;
  /** Takes in the studies of a file that the library was exported to, and says what came of it. Rejects where there is no library. */
  importFrom(file: File): Promise<void>;
}

/** The reader does not want old studies to be deleted when space is short. */
const NO_EVICTION = 'lethe.library.keep-all';

export function mayEvict(): boolean {
  try {
    return localStorage.getItem(NO_EVICTION) === null;
  } catch {
    return true;
  }
}

export function setMayEvict(may: boolean): void {
  try {
    if (may) localStorage.removeItem(NO_EVICTION);
    else localStorage.setItem(NO_EVICTION, 'on');
  } catch {
    // Site data is blocked: then nothing is kept anyway.
  }
}

/** How space is made for a result: what is on screen stays. */
function spaceOf({ view, under, ticked }: Pick<AppState, 'view' | 'under' | 'ticked'>): Space {
  return {
    evicts: mayEvict(),
    spared: [...ticked, ...[view, ...under].flatMap((each) => (each ? [studyKey(each.study)] : []))],
  };
}

/** Says which studies went to make room. */
function evictedText(names: readonly string[]): string {
  const [were, one] = names.length === 1 ? ['was', 'The oldest study'] : ['were', 'The oldest studies'];
  const quoted = names.map((name) => `“${name}”`);
  return `${one} of the library ${were} deleted to make room: ${listText(quoted, 'and')}. Pinned studies stay, and deleting can be turned off in the library.`;
}

/** Progress is noted no more often. */
const NOTE_MS = 1500;

/** Keeps what it is given, and notes how far a study has come that is being computed. */
export function createKeeper(store: AppStore, library: Library): Keeper {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let noted = '';

  const note = () => {
    clearTimeout(timer);
    timer = undefined;
    const { view } = store.getState();
    if (view?.origin !== 'live' || view.state === 'done') return;
    const entry = entryOfView(view, new Date().toISOString());
    // Without storage nothing is kept; the study itself does not depend on it.
    library.ask((api) => api.note(entry)).catch(() => {});
  };

  /** Of the study that the last deletion of runs left. */
  let lessened: string | undefined;

  /** Keeps what a deletion of runs left, which is another study; of several deletions in a row the last one's. */
  async function keepLessened(view: View, before: View): Promise<void> {
    const result = resultOfView(view);
    if (!result) return;
    const former = lessened === studyKey(before.study) ? lessened : undefined;
    lessened = studyKey(view.study);
    await keep(result, 'computed');
    if (former) await library.ask((api) => api.remove([former])).catch(() => {});
  }

  store.subscribe(({ view, study, base, renamed }, before) => {
    // Another study that is opened has another base, though it may ask for the same. Names that edits give and take back are not the reader's.
    const isNamed = (renamed || before.renamed) && study.name !== before.study.name;
    if (isNamed && base === before.base) rename(view, study);
    if (view === before.view || view?.origin !== 'live') return;
    const { view: whole } = before;
    const areDone = whole?.state === 'done' && view.state === 'done';
    if (areDone && base === before.base && view.runs.length < whole.runs.length)
      void keepLessened(view, whole);
    if (view.stages.length === 0) return;
    const done = view.stages.filter(({ state }) => state === 'done').length;
    const progress = `${studyKey(view.study)} ${done} ${view.state}`;
    if (progress === noted) return;
    noted = progress;
    if (view.state === 'cancelled' || view.state === 'failed') note();
    else timer ??= setTimeout(note, NOTE_MS);
  });

  /** A study that is renamed in the top bar while its own result is shown is renamed in the library. */
  function rename(view: View | undefined, study: Study): void {
    if (!view || view.origin === 'recorded' || !sameContent(view.study, study)) return;
    library.ask((api) => api.change(studyKey(study), { name: study.name })).catch(() => {});
  }

  const keep: Keeper['keep'] = async (result, origin) => {
    clearTimeout(timer);
    timer = undefined;
    const { notify } = store.getState();
    try {
      const space = spaceOf(store.getState());
      const { evicted, problem } = await library.ask((api) => api.keep(result, origin, space));
      if (evicted.length > 0) notify(evictedText(evicted));
      if (problem) notify(problem);
    } catch {
      // Without storage: its artifacts are gone with the page too, and the study can be run again.
    }
  };

  return {
    keep,
    async importFrom(file) {
      const { notify, confirm } = store.getState();
      const space = spaceOf(store.getState());
      const { added, known, bad, evicted } = await library.ask((api) => api.importAll(file, space));
      const here = known > 0 ? `; ${known} ${known === 1 ? 'is' : 'are'} here already` : '';
      confirm(`${added} ${added === 1 ? 'study was' : 'studies were'} added from ${file.name}${here}.`);
      for (const problem of bad) notify(`${file.name}: ${problem}`);
      if (evicted.length > 0) notify(evictedText(evicted));
    },
  };
}
