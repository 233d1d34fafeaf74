import type { StateCreator } from 'zustand';

/** More studies than this in one plane are not told apart. */
export const MOST_TICKED = 8;

/** A study that another tab of this browser computes now. */
export interface StudyElsewhere {
  /** Of that tab. */
  tab: string;
  /** `studyKey` of the study. */
  key: string;
  name: string;
  /** How far it is: `38 % · 1 min 20 s left`. */
  progress: string;
}

export interface StudiesSlice {
  /** The studies that are laid over each other, as `listedId` tells them apart, in the order in which they were ticked. */
  ticked: readonly string[];
  setTicked(ticked: readonly string[]): void;
  /** What other tabs compute, in the order in which they told of it. */
  elsewhere: readonly StudyElsewhere[];
  setElsewhere(elsewhere: readonly StudyElsewhere[]): void;
}

export const createStudiesSlice: StateCreator<StudiesSlice> = (set) => ({
  ticked: [],
  setTicked: (ticked) => set({ ticked: [...new Set(ticked)].slice(0, MOST_TICKED) }),
  elsewhere: [],
  setElsewhere: (elsewhere) => set({ elsewhere }),
});
