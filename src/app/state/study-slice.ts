import type { StateCreator } from 'zustand';
import type { Study } from '../../lab/study/study';
import type { AppState } from './store';

/** Edits that can be taken back. */
const DEPTH = 50;

/** The study that is being edited. The worker is only ever given a whole one, when the reader presses run. */
export interface StudySlice {
  study: Study;
  past: Study[];
  future: Study[];
  editStudy(next: Study): void;
  undo(): void;
  redo(): void;
}

export const createStudySlice =
  (study: Study): StateCreator<AppState, [], [], StudySlice> =>
  (set) => ({
    study,
    past: [],
    future: [],
    editStudy: (next) =>
      set((state) => ({ study: next, past: [...state.past, state.study].slice(-DEPTH), future: [] })),
    undo: () =>
      set(({ study, past, future }) => {
        const previous = past.at(-1);
        return previous ? { study: previous, past: past.slice(0, -1), future: [study, ...future] } : {};
      }),
    redo: () =>
      set(({ study, past, future }) => {
        const next = future[0];
        return next ? { study: next, past: [...past, study], future: future.slice(1) } : {};
      }),
  });
