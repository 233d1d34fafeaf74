import { isKeptOnPage } from '../../lab/data/sources/source';
import { presets } from '../../lab/study/presets';
import type { Study } from '../../lab/study/study';
import { type AppStore, createAppStore } from '../state/store';
import { isAtWork } from '../state/view';
import { type Actions, createActions } from './actions';
import { asksToFollow, keepAddress, readAddress } from './address';
import { ownSources } from './images';
import { loadPart } from './load-part';
import { startWorker } from './start-worker';
import { createSupervisor } from './supervisor';
import { isComputing, recallUnfinished } from './unfinished';
import { detectWebgpu } from './webgpu-support';

/** So many unfinished studies are offered, the latest ones. */
const OFFERS = 3;

/** Makes the store and what acts on it, shows what the address asks for, and offers to go on where the reader left. */
export function startPage(): { store: AppStore; actions: Actions } {
  const address = readAddress();
  const store = createAppStore(address.study);
  store.setState(address.view);
  const actions = createActions(store, (listeners) => createSupervisor({ start: startWorker, ...listeners }));
  const { notify } = store.getState();
  for (const problem of address.problems) notify(problem);
  if (asksToFollow(location.hash)) openServed(store, actions);
  else actions.showKnown(address.preset);
  keepAddress(store, { showKnown: actions.showKnown, openServed: () => openServed(store, actions) });
  ownSources().then(
    () => {
      const { study, editStudy } = store.getState();
      // The study was planned before its own data set was registered: as a new object it is planned again.
      if (isKeptOnPage(study.data.source)) editStudy({ ...study });
    },
    // Ignored: a study that needs one of them reports that it is missing.
    () => {},
  );
  offerUnfinished(store, actions);
  watchTabs(store);
  detectWebgpu().then((gpu) => store.getState().setUi({ gpu }));
  return { store, actions };
}

/** What `lethe follow` serves beside the page. */
async function openServed(store: AppStore, { folders, showKnown }: Actions): Promise<void> {
  try {
    const { folderServed } = await loadPart(() => import('./folder'));
    await folders.open(await folderServed(new URL('folder/', document.baseURI).href));
  } catch (error) {
    store.getState().notify((error as Error).message);
    showKnown(presets[0]!.id);
  }
}

/** Says what other tabs compute, and when that has ended. */
async function watchTabs(store: AppStore): Promise<void> {
  try {
    const { watchOtherTabs } = await loadPart(() => import('./other-tabs'));
    watchOtherTabs(store, ({ name }) => {
      const show = { label: 'Studies', run: () => store.getState().setPage('studies') };
      store
        .getState()
        .notify(`“${name}” has ended in another tab; the library says what became of it.`, show);
    });
  } catch {
    // Without a connection: nothing else is missing.
  }
}

async function offerUnfinished(store: AppStore, actions: Actions): Promise<void> {
  for (const unfinished of recallUnfinished().slice(0, OFFERS)) {
    // Another tab may be computing it right now.
    if (await isComputing(unfinished)) continue;
    offer(store, actions, unfinished, 'was being computed when the page was left.');
  }
}

/** Offers to go on with a study, again where another one is at work: only one can be. @param why behind its name */
function offer(store: AppStore, actions: Actions, study: Study, why: string): void {
  store.getState().notify(`“${study.name}” ${why}`, {
    label: 'Resume',
    run: () => {
      const { view, openStudy } = store.getState();
      if (isAtWork(view)) return offer(store, actions, study, 'can go on when the study at work has ended.');
      openStudy(study);
      actions.run();
    },
  });
}
