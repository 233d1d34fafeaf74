import type { StateCreator } from 'zustand';
import type { LabEvent } from '../../lab/lab-api';
import type { MapRecord } from '../../lab/study/result';
import type { Study } from '../../lab/study/study';
import { applyEvent } from './apply-event';
import type { ImageSet } from './image-set';
import type { UiSlice } from './ui-slice';
import type { View } from './view';

/** What is shown: absent until the recorded study has arrived, or while there is none and nothing was run. */
export interface ViewSlice {
  view?: View;
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
  show(view: View): void;
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
};

export const createViewSlice: StateCreator<ViewSlice & UiSlice, [], [], ViewSlice> = (set) => ({
  unrecorded: false,
  awaited: false,
  otherMaps: [],
  imagesMissing: false,
  show: (view) =>
    set(({ view: before }) => ({
      view,
      unrecorded: false,
      ...UNCHOSEN,
      // Marks go with another study: its rows may have the same keys and would be hidden without a click.
      ...(before?.study.name !== view.study.name && { marks: { pinned: [], hidden: [] } }),
    })),
  refresh: (view) => set({ view }),
  showNothing: () => set({ view: undefined, unrecorded: true, ...UNCHOSEN }),
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
