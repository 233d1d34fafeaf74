import { decodeLink, encodeLink, fitsLink } from '../../lab/study/link';
import { getPreset, presets } from '../../lab/study/presets';
import { parseStudy } from '../../lab/study/schema';
import type { Study } from '../../lab/study/study';
import type { AppState, AppStore } from '../state/store';
import { withHonestName } from '../state/study-names';
import { viewHash } from '../state/view-hash';
import { decodeView, joinHash, splitHash, type ViewAddress } from '../state/view-link';
import type { Actions } from './actions';
import { FOLLOW_ADDRESS } from './folder/result-folder';

/** The address follows the edits after this long without one. */
const ADDRESS_MS = 400;

interface Address {
  study: Study;
  preset: string;
  view: ViewAddress;
  /** What of the link could not be used, one sentence each. */
  problems: string[];
}

/** The last study that no link can carry, so that this tab has it again after a reload or a step back; its link stands for it. */
const LONG_STUDY = 'lethe.long-study';

function keepLongStudy(link: string, study: Study): void {
  try {
    if (!fitsLink(link)) sessionStorage.setItem(LONG_STUDY, JSON.stringify({ link, study }));
  } catch {
    // Site data is blocked, or the study too large even for that: a reload says that the link cannot be read.
  }
}

function longStudy(link: string): Study | undefined {
  try {
    const kept = JSON.parse(sessionStorage.getItem(LONG_STUDY) ?? 'null') as { link: string; study: unknown };
    const parsed = kept?.link === link ? parseStudy(kept.study) : undefined;
    return parsed?.ok ? parsed.study : undefined;
  } catch {
    return undefined;
  }
}

export const asksToFollow = (hash: string): boolean => splitHash(hash).study === FOLLOW_ADDRESS;

/** The study and the view that the address asks for; the default preset where it asks for none. */
export function readAddress(): Address {
  const { study, view: text } = splitHash(location.hash);
  const link = decodeLink(study);
  const { problems, ...view } = decodeView(text);
  if (link.kind === 'study')
    return {
      study: withHonestName(link.study),
      preset: link.preset,
      view,
      problems: [...link.problems, ...problems],
    };
  const [first] = presets;
  const long = link.kind === 'bad' ? longStudy(study) : undefined;
  if (long) return { study: long, preset: study.split('.')[1]!, view, problems };
  const bad = link.kind === 'bad' ? [link.problem] : [];
  return { study: first!.study, preset: first!.id, view, problems: [...bad, ...problems] };
}

const addressOf = (hash: string) => `${location.pathname}${location.search}${hash}`;
const writeAddress = (hash: string) => history.replaceState(null, '', addressOf(hash));

/** What an address says of the view; a view says nothing of the choices in another one, which stay. */
function saidBy({ page, models, ticked, sameScale }: ViewAddress): Partial<ViewAddress> {
  return { page, sameScale, ...(page === 'models' && { models }), ...(page === 'studies' && { ticked }) };
}

/** What the address is made of. */
type Addressed = Pick<AppState, 'study' | 'view' | 'page' | 'models' | 'ticked' | 'run' | 'sameScale'>;

/**
 * The address always restores the edited study and the view; an address typed or pasted into the open page is followed. Another study than the
 * edited one (a preset, a file) and another view are each another entry of the browser's history: Back leads to what was there before.
 */
export function keepAddress(
  store: AppStore,
  { showKnown, openServed }: Pick<Actions, 'showKnown'> & { openServed: () => void },
): void {
  const home = encodeLink(getPreset(presets[0]!.id).study);
  let written = location.hash;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let following = false;
  const studyHash = ({ study, view }: Addressed) => {
    const link = encodeLink(study);
    keepLongStudy(link, study);
    const own = view?.address && encodeLink(view.study) === link ? view.address : undefined;
    return own ?? (link === home ? '' : link);
  };
  const hashOf = (state: Addressed) => joinHash(studyHash(state), viewHash(state));
  const write = (state: Addressed) => {
    clearTimeout(timer);
    timer = undefined;
    written = hashOf(state);
    writeAddress(written);
  };
  /** Takes over what an address says, which is then no step of the reader's own. */
  const follow = (take: () => void) => {
    following = true;
    take();
    following = false;
  };
  store.subscribe((state, before) => {
    const isTurned = state.page !== before.page;
    const isSame =
      state.models === before.models &&
      state.ticked === before.ticked &&
      state.sameScale === before.sameScale;
    if (state.study === before.study && !isTurned && isSame) return;
    const isOpened =
      state.study !== before.study && state.base === state.study && state.past.at(-1)?.study === before.study;
    if ((isOpened || isTurned) && !following) {
      // The entry that is left must restore the last edit too.
      if (timer !== undefined) write({ ...before, view: state.view });
      const hash = hashOf(state);
      if (hash !== written) history.pushState(null, '', addressOf(hash));
      written = hash;
    }
    clearTimeout(timer);
    timer = setTimeout(() => write(store.getState()), ADDRESS_MS);
  });
  // Comes before `hashchange`: what was to be written belongs to the entry that was left.
  window.addEventListener('popstate', () => clearTimeout(timer));
  window.addEventListener('hashchange', () => {
    if (location.hash === written) return;
    const asked = splitHash(location.hash);
    const { openStudy, notify } = store.getState();
    if (asked.study === splitHash(written).study) {
      written = location.hash;
      const { problems, ...view } = decodeView(asked.view);
      for (const problem of problems) notify(problem);
      follow(() => store.setState(saidBy(view)));
      return;
    }
    if (asksToFollow(location.hash)) return openServed();
    const link = decodeLink(asked.study);
    // No hash is the default study; a hash that is no link is a jump within the page (`#panes`).
    const isBad = link.kind === 'bad' && !longStudy(asked.study);
    if (isBad || (link.kind === 'none' && asked.study !== '')) {
      if (isBad) notify(link.problem);
      // The edited study stays: its address is written back.
      write(store.getState());
      return;
    }
    written = location.hash;
    const { study, preset, view, problems } = readAddress();
    for (const problem of problems) notify(problem);
    follow(() => {
      openStudy(study);
      store.setState(view);
    });
    showKnown(preset);
  });
}
