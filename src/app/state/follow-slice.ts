import type { StateCreator } from 'zustand';
import type { FollowState } from '../client/folder/follow-state';
import type { AppState } from './store';

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

export const createFollowSlice: StateCreator<AppState, [], [], FollowSlice> = (set) => ({
  setFollowing: (following) => set({ following }),
});
