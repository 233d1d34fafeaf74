import type { StateCreator } from 'zustand';

/** Where the run stands that writes a folder. */
export type FollowState =
  | { kind: 'running' }
  /** A process was at work and gives no sign of life any more. */
  | { kind: 'silent' }
  /** By Ctrl-C, or by a batch system that asks first. */
  | { kind: 'stopped' }
  | { kind: 'failed'; message: string }
  /** No process has left a log: the study has not begun, or is between two of its parts. */
  | { kind: 'waiting' }
  | { kind: 'done' }
  /** The folder cannot be read now. */
  | { kind: 'gone' };

/** The unfinished folder that is shown. */
export interface Following {
  folder: string;
  /** Whether it is looked into again and again. */
  live: boolean;
  state: FollowState;
  /** When a file of it last changed, or when that was seen: the page's clock, in milliseconds. */
  lastChange: number;
}

export interface FollowSlice {
  following?: Following;
  setFollowing(following: Following | undefined): void;
}

export const createFollowSlice: StateCreator<FollowSlice> = (set) => ({
  setFollowing: (following) => set({ following }),
});
