import type { StateCreator } from 'zustand';
import { groupRuns, type RunIdentity } from '../../lab/results/run-groups';
import type { SweptSettings } from '../../lab/settings';
import type { Study } from '../../lab/study/study';
import { withoutRuns } from '../../lab/study/without-runs';
import { type ModelsChoice, type ModelsSlice, UNCHOSEN_MODELS } from './models-slice';
import { nameEdit, sameContent } from './study-names';
import { viewOfFewer } from './view';
import type { ViewSlice } from './view-slice';

/** Edits that can be taken back. */
const DEPTH = 50;

/** A study, and what its name refers to. */
interface NamedStudy {
  study: Study;
  /** The study that it was edited from, itself at first: what was opened or run. */
  base: Study;
  /** What was opened, however it was edited and run since: tells whether an answer that took its time is about this study. */
  opened: Study;
  /** The reader gave it a name since. */
  renamed: boolean;
}

/** The study that is being edited. The worker is only ever given a whole one, when the reader presses run. */
export interface StudySlice extends NamedStudy {
  past: NamedStudy[];
  future: NamedStudy[];
  /** Settings of entries that were given up for others, by what they are and their id: chosen again, an entry has them back. */
  unchosen: Readonly<Record<string, SweptSettings>>;
  /** Remembers some more. */
  keepUnchosen(settings: Readonly<Record<string, SweptSettings>>): void;
  /** Changes the study; its name tells that it was edited, unless the reader names it. */
  editStudy(next: Study): void;
  /** Puts another study into the place of the edited one: a preset, a file, a link. Its name is its own. */
  openStudy(study: Study): void;
  /** What is computed from now on bears the study's name: the next edit gets another one. */
  claimName(): void;
  /** Takes runs out of the study and off the page. */
  deleteRuns(ids: string[]): void;
  undo(): void;
  redo(): void;
}

type State = StudySlice & ViewSlice & ModelsSlice;

const namedOf = ({ study, base, opened, renamed }: NamedStudy): NamedStudy => ({
  study,
  base,
  opened,
  renamed,
});

const pushed = (state: State) => ({
  past: [...state.past, namedOf(state)].slice(-DEPTH),
  future: [],
});

/** The state after an edit, under the name that it gets. */
function edited(state: State, next: Study): NamedStudy {
  const { base, opened, renamed } = state;
  if (renamed || next.name !== state.study.name) return { study: next, base, opened, renamed: true };
  const shown = [state.view, ...state.under].flatMap((view) => view?.study ?? []);
  return { study: nameEdit(next, base, shown), base, opened, renamed };
}

/** The reader's choice of models without those whose runs are gone. */
function withoutGone(
  models: ModelsChoice,
  before: readonly RunIdentity[],
  after: readonly RunIdentity[],
): ModelsChoice {
  const [had, has] = [before, after].map((runs) => groupRuns(runs).map(({ key }) => key));
  const kept = (key: string | undefined) =>
    key !== undefined && had!.includes(key) && !has!.includes(key) ? undefined : key;
  return { ...models, a: kept(models.a), b: kept(models.b) };
}

export const createStudySlice =
  (study: Study): StateCreator<State, [], [], StudySlice> =>
  (set) => ({
    study,
    base: study,
    opened: study,
    renamed: false,
    past: [],
    future: [],
    unchosen: {},
    keepUnchosen: (settings) => set(({ unchosen }) => ({ unchosen: { ...unchosen, ...settings } })),
    editStudy: (next) => set((state) => ({ ...edited(state, next), ...pushed(state) })),
    openStudy: (next) =>
      set((state) => ({
        study: next,
        base: next,
        opened: next,
        renamed: false,
        unchosen: {},
        models: { ...state.models, ...UNCHOSEN_MODELS },
        ...pushed(state),
      })),
    claimName: () => set((state) => ({ base: state.study, renamed: false })),
    deleteRuns: (ids) =>
      set((state) => {
        const { study: current, view } = state;
        const lessened = withoutRuns(current, ids);
        // Taken off the shown study too, so that taking the deletion back says that the runs have to be computed (or fetched
        // from the cache) again.
        const fewer =
          view &&
          viewOfFewer(view, sameContent(view.study, current) ? lessened : withoutRuns(view.study, ids), ids);
        return {
          ...edited(state, lessened.study),
          ...pushed(state),
          ...(fewer && { view: fewer, models: withoutGone(state.models, view.runs, fewer.runs) }),
        };
      }),
    undo: () =>
      set((state) => {
        const previous = state.past.at(-1);
        if (!previous) return {};
        return { ...previous, past: state.past.slice(0, -1), future: [namedOf(state), ...state.future] };
      }),
    redo: () =>
      set((state) => {
        const next = state.future[0];
        if (!next) return {};
        return { ...next, past: [...state.past, namedOf(state)], future: state.future.slice(1) };
      }),
  });
