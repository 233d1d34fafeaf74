import type { StateCreator } from 'zustand';
import type { DataView as ImageSet, LabEvent } from '../../lab/session/events';
import { applyEvent } from './apply-event';
import type { AppState } from './store';
import type { View } from './view';

/** What is shown: absent only until the recorded study has arrived. */
export interface ViewSlice {
  view?: View;
  /** Thumbnails and labels of the shown study's training images; absent while they load. */
  images?: ImageSet;
  show(view: View): void;
  setImages(images: ImageSet | undefined): void;
  /** Applies a batch of events at once: one render for all of them. */
  applyEvents(events: LabEvent[]): void;
}

export const createViewSlice: StateCreator<AppState, [], [], ViewSlice> = (set) => ({
  show: (view) =>
    set({ view, run: undefined, strategy: undefined, other: undefined, alpha: undefined, curves: undefined }),
  setImages: (images) => set({ images }),
  applyEvents: (events) => set(({ view }) => (view ? { view: events.reduce(applyEvent, view) } : {})),
});
