import type { StateCreator } from 'zustand';
import { expandRuns } from '../../lab/study/expand';
import type { Study } from '../../lab/study/study';
import type { ViewSlice } from './view-slice';

/** Edits that can be taken back. */
const DEPTH = 50;

/** The study without these runs. The remaining ones are spelled out, since a product of lists less one member is no product. */
function withoutRuns(study: Study, ids: string[]): Study {
  const runs = expandRuns(study)
    .filter((run) => !ids.includes(run.id))
    .map(({ id: _, ...run }) => run);
  return { ...study, runs };
}

/** The study that is being edited. The worker is only ever given a whole one, when the reader presses run. */
export interface StudySlice {
  study: Study;
  past: Study[];
  future: Study[];
  editStudy(next: Study): void;
  /** Takes runs out of the study and off the page. */
  deleteRuns(ids: string[]): void;
  undo(): void;
  redo(): void;
}

export const createStudySlice =
  (study: Study): StateCreator<StudySlice & ViewSlice, [], [], StudySlice> =>
  (set) => ({
    study,
    past: [],
    future: [],
    editStudy: (next) =>
      set((state) => ({ study: next, past: [...state.past, state.study].slice(-DEPTH), future: [] })),
    deleteRuns: (ids) =>
      set(({ study: current, past, view }) => ({
        study: withoutRuns(current, ids),
        past: [...past, current].slice(-DEPTH),
        future: [],
        // Taken off the shown study too, so that taking the deletion back says that the runs have to be computed (or fetched
        // from the cache) again.
        view: view && {
          ...view,
          study: withoutRuns(view.study, ids),
          runs: view.runs.filter((run) => !ids.includes(run.id)),
        },
      })),
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
