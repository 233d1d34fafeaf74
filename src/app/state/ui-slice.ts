import type { StateCreator } from 'zustand';
import type { PipelineStep } from '../../lab/plan/stage-planning';
import type { FileQuestion } from './file-roles';
import type { NumberPlace } from './number-place';
import type { QuantityId } from './quantities';
import type { RunMarks } from './run-marks';

/** What this browser offers, asked on the page itself (the worker is started only when something is to be computed). */
export interface GpuSupport {
  available: boolean;
  /** For the badge: `WebGPU · nvidia`, `No WebGPU: how to get it`. */
  label: string;
  /** What is missing, when it is not available. */
  reason?: string;
  /** What to do about it in this browser. */
  remedy?: string;
}

/** Whose curves can be drawn. */
export type CurvesOf = 'run' | 'original' | 'oracle';

export interface Notice {
  id: number;
  text: string;
  /** Stands until it is dismissed; others go by themselves. */
  lasting: boolean;
  /** Something that can be done about it. */
  action?: NoticeAction;
}

export interface NoticeAction {
  label: string;
  run: () => void;
  /** It takes back what this notice tells and no other of the same words: none replaces it. */
  takesBack?: true;
}

/** What the reader looks at; nothing here changes a number. */
export interface UiSlice {
  /** Id of the run that the curves and the mask belong to; absent: the first. */
  run?: string;
  /** Strategy on the map; absent: the selected run's. */
  strategy?: string;
  /** Where the handle on the map stands; absent: the selected run's alpha. */
  alpha?: number;
  /** Strategy that the map compares with. */
  other?: string;
  /** Whose curves are drawn; absent: whatever is being trained. */
  curves?: CurvesOf;
  /** Rows pinned and hidden in the runs table; hidden ones also leave the plane. */
  marks: RunMarks;
  /** Whether the plane's axes have the same scale; absent: each fills its length. */
  sameScale?: boolean;
  drawer?: PipelineStep;
  help: boolean;
  /** The dialog about the device is open. */
  device: boolean;
  talk: boolean;
  notices: Notice[];
  /** A number of the runs table, of which it is shown where it comes from. */
  provenance?: NumberPlace;
  /** The columns and groups of runs, by their keys, that are being made into a table for a paper. */
  desk?: { columns: readonly QuantityId[]; groups: readonly string[] };
  /** Absent while none is asked. */
  fileQuestion?: FileQuestion;
  /** Absent until the browser has answered. */
  gpu?: GpuSupport;
  setUi(change: Partial<Omit<UiSlice, 'setUi' | 'notify' | 'confirm' | 'dismiss'>>): void;
  /** Says something that matters until it is dismissed. @returns its id. */
  notify(text: string, action?: Notice['action']): number;
  /** Confirms something in passing. */
  confirm(text: string): void;
  dismiss(id: number): void;
}

export const createUiSlice: StateCreator<UiSlice> = (set) => {
  let nextNotice = 0;
  // An equal sentence is replaced, not repeated: repeats would push others out of sight.
  const add = (notice: Omit<Notice, 'id'>) => {
    const id = nextNotice++;
    set(({ notices }) => ({
      notices: [
        ...notices.filter(({ text, action }) => text !== notice.text || action?.takesBack),
        { id, ...notice },
      ],
    }));
    return id;
  };
  return {
    marks: { pinned: [], hidden: [] },
    help: false,
    device: false,
    talk: false,
    notices: [],
    setUi: (change) => set(change),
    notify: (text, action) => add({ text, action, lasting: true }),
    confirm: (text) => void add({ text, lasting: false }),
    dismiss: (id) => set(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) })),
  };
};
