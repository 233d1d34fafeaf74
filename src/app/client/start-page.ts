import { isKeptOnPage } from '../../lab/data/sources/source';
import { decodeLink, encodeLink } from '../../lab/study/link';
import { getPreset, presets } from '../../lab/study/presets';
import type { Study } from '../../lab/study/study';
import { type AppStore, createAppStore } from '../state/store';
import { withHonestName } from '../state/study-names';
import { type Actions, createActions } from './actions';
import { FOLLOW_ADDRESS } from './folder/result-folder';
import { ownSources } from './images';
import { loadPart } from './load-part';
import { startWorker } from './start-worker';
import { createSupervisor } from './supervisor';
import { isComputing, recallUnfinished } from './unfinished';
import { detectWebgpu } from './webgpu-support';

/** The address follows the edits after this long without one. */
const ADDRESS_MS = 400;

/** So many unfinished studies are offered, the latest ones. */
const OFFERS = 3;

interface Address {
  study: Study;
  preset: string;
  /** What of the link could not be used, one sentence each. */
  problems: string[];
}

/** The study that the address asks for; the default preset where it asks for none. */
function readAddress(): Address {
  const link = decodeLink(location.hash);
  if (link.kind === 'study') return { ...link, study: withHonestName(link.study) };
  const [first] = presets;
  return { study: first!.study, preset: first!.id, problems: link.kind === 'bad' ? [link.problem] : [] };
}

/** Makes the store and what acts on it, shows what the address asks for, and offers to go on where the reader left. */
export function startPage(): { store: AppStore; actions: Actions } {
  const address = readAddress();
  const store = createAppStore(address.study);
  const actions = createActions(store, (listeners) => createSupervisor({ start: startWorker, ...listeners }));
  const { notify } = store.getState();
  for (const problem of address.problems) notify(problem);
  if (location.hash === FOLLOW_ADDRESS) openServed(store, actions);
  else actions.showKnown(address.preset);
  keepAddress(store, actions);
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

const addressOf = (hash: string) => `${location.pathname}${location.search}${hash}`;
const writeAddress = (hash: string) => history.replaceState(null, '', addressOf(hash));

/**
 * The address always restores the edited study; an address typed or pasted into the open page is followed. Another study than the edited one
 * (a preset, a file) is another entry of the browser's history: Back leads to the study before.
 */
function keepAddress(store: AppStore, actions: Actions): void {
  const home = encodeLink(getPreset(presets[0]!.id).study);
  let written = location.hash;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let following = false;
  const hashOf = (study: Study) => {
    const link = encodeLink(study);
    const { view } = store.getState();
    const own = view?.address && encodeLink(view.study) === link ? view.address : undefined;
    return own ?? (link === home ? '' : link);
  };
  const write = (study: Study) => {
    clearTimeout(timer);
    timer = undefined;
    written = hashOf(study);
    writeAddress(written);
  };
  store.subscribe((state, before) => {
    if (state.study === before.study) return;
    const isOpened = state.base === state.study && state.past.at(-1)?.study === before.study;
    if (isOpened && !following) {
      // The entry that is left must restore the last edit too.
      if (timer !== undefined) write(before.study);
      const hash = hashOf(state.study);
      if (hash !== written) history.pushState(null, '', addressOf(hash));
      written = hash;
    }
    clearTimeout(timer);
    timer = setTimeout(() => write(state.study), ADDRESS_MS);
  });
  // Comes before `hashchange`: what was to be written belongs to the entry that was left.
  window.addEventListener('popstate', () => clearTimeout(timer));
  window.addEventListener('hashchange', () => {
    if (location.hash === written) return;
    if (location.hash === FOLLOW_ADDRESS) return openServed(store, actions);
    const link = decodeLink(location.hash);
    const { openStudy, notify } = store.getState();
    // No hash is the default study; a hash that is no link is a jump within the page (`#panes`).
    if (link.kind === 'bad' || (link.kind === 'none' && location.hash !== '')) {
      if (link.kind === 'bad') notify(link.problem);
      // The edited study stays: its address is written back.
      write(store.getState().study);
      return;
    }
    written = location.hash;
    const { study, preset, problems } = readAddress();
    for (const problem of problems) notify(problem);
    following = true;
    openStudy(study);
    following = false;
    actions.showKnown(preset);
  });
}

async function offerUnfinished(store: AppStore, actions: Actions): Promise<void> {
  for (const unfinished of recallUnfinished().slice(0, OFFERS)) {
    // Another tab may be computing it right now.
    if (await isComputing(unfinished)) continue;
    store.getState().notify(`“${unfinished.name}” was being computed when the page was left.`, {
      label: 'Resume',
      run: () => {
        store.getState().openStudy(unfinished);
        actions.run();
      },
    });
  }
}
