import type { StateCreator } from 'zustand';
import type { GpuSupport } from '../lab/webgpu-support';
import type { CardId } from '../shell/cards';
import type { AppState } from './store';

export interface Notice {
  id: number;
  text: string;
  /** Something that can be done about it. */
  action?: { label: string; run: () => void };
}

/** What the reader looks at; nothing here changes a number. */
export interface UiSlice {
  /** Id of the run that the curves and the mask belong to; absent: the first. */
  run?: string;
  /** Strategy on the map; absent: the selected run's. */
  strategy?: string;
  /** Where the handle on the map stands; absent: the selected run's alpha. */
  alpha?: number;
  /** Layer of the map that the keyboard stands on. */
  layer?: string;
  drawer?: CardId;
  help: boolean;
  talk: boolean;
  notices: Notice[];
  /** Absent until the browser has answered. */
  gpu?: GpuSupport;
  setUi(change: Partial<Omit<UiSlice, 'setUi' | 'notify' | 'dismiss'>>): void;
  notify(text: string, action?: Notice['action']): void;
  dismiss(id: number): void;
}

export const createUiSlice: StateCreator<AppState, [], [], UiSlice> = (set) => {
  let nextNotice = 0;
  return {
    help: false,
    talk: false,
    notices: [],
    setUi: (change) => set(change),
    // The same sentence twice would only push others out of sight.
    notify: (text, action) =>
      set(({ notices }) => ({
        notices: [...notices.filter((notice) => notice.text !== text), { id: nextNotice++, text, action }],
      })),
    dismiss: (id) => set(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) })),
  };
};
