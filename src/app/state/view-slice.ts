import type { StateCreator } from 'zustand';
import type { LabEvent } from '../../lab/lab-api';
import type { MapRecord } from '../../lab/study/result';
import type { Study } from '../../lab/study/study';
import { applyEvent } from './apply-event';
import type { ImageSet } from './image-set';
import { stemOfName } from './study-names';
import type { UiSlice } from './ui-slice';
import type { View } from './view';

/** What is shown: absent until the recorded study has arrived, or while there is none and nothing was run. */
export interface ViewSlice {
  view?: View;
  /** What was shown before a study was started here, nearest first: it stays in every pane until the study's own results replace it. */
  under: View[];
  /** The reader looks at what was shown before, whatever has been computed since. */
  lookBack: boolean;
  /** The edited study has nothing recorded: it can only be run. */
  unrecorded: boolean;
  /** A recorded study is on its way, in the place of what is shown. */
  awaited: boolean;
  /** Thumbnails and labels of the edited study's training images; absent, or those of other data, while they load. */
  images?: ImageSet;
  /** There is nothing to load: the images are not on this machine. */
  imagesMissing: boolean;
  /** Maps of the shown study that it does not ask for itself, to be compared with. */
  otherMaps: MapRecord[];
  /** @param under what can be come back to */
  show(view: View, under?: View[]): void;
  setLookBack(lookBack: boolean): void;
  /** Shows more of the same study: the reader's choices stay. */
  refresh(view: View): void;
  showNothing(): void;
  setAwaited(awaited: boolean): void;
  /** @param study the one that the map is of; where another is shown by now, the map is dropped */
  addOtherMap(study: Study, map: MapRecord): void;
  /** @param images absent: not on this machine */
  setImages(images: ImageSet | undefined): void;
  /**
   * Applies a batch of the lab's events at once: one render for all of them. Ignored unless the shown study is computed here, since a
   * stopped study may still send events when another one is shown.
   */
  applyEvents(events: LabEvent[]): void;
}

/** The reader's choices among what was shown before. */
const UNCHOSEN = {
  run: undefined,
  strategy: undefined,
  other: undefined,
  alpha: undefined,
  curves: undefined,
  otherMaps: [],
  lookBack: false,
};

/** What stays on the page when a study is started: the results that stand there, and what was not computed here. */
function stayingOf({ view, under }: Pick<ViewSlice, 'view' | 'under'>): View[] {
  const before = under.filter(({ origin }) => origin !== 'live');
  if (!view) return before;
  return view.origin === 'live' ? [view, ...before] : [view];
}

/** Whether two views are of the same study, before an edit and after. */
const alike = (before: View | undefined, { study }: View): boolean =>
  before !== undefined && stemOfName(before.study.name) === stemOfName(study.name);

export const createViewSlice: StateCreator<ViewSlice & UiSlice, [], [], ViewSlice> = (set) => ({
  unrecorded: false,
  awaited: false,
  otherMaps: [],
  imagesMissing: false,
  under: [],
  lookBack: false,
  show: (view, under = []) =>
    set((state) => ({
      view,
      under: view.origin === 'live' ? stayingOf(state) : under,
      unrecorded: false,
      ...UNCHOSEN,
      // Marks go with another study: its rows may have the same keys and would be hidden without a click.
      ...(!alike(state.view, view) && { marks: { pinned: [], hidden: [] } }),
    })),
  setLookBack: (lookBack) => set({ ...UNCHOSEN, lookBack }),
  refresh: (view) => set({ view }),
  showNothing: () => set({ view: undefined, under: [], unrecorded: true, ...UNCHOSEN }),
  setAwaited: (awaited) => set({ awaited }),
  addOtherMap: (study, map) =>
    set(({ view, otherMaps }) => {
      if (view?.study !== study) return {};
      const others = otherMaps.filter(({ strategy, seed }) => strategy !== map.strategy || seed !== map.seed);
      return { otherMaps: [...others, map] };
    }),
  setImages: (images) => set({ images, imagesMissing: images === undefined }),
  applyEvents: (events) =>
    set(({ view }) => (view?.origin === 'live' ? { view: events.reduce(applyEvent, view) } : {})),
});
