import { createContext, useContext, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { AppState, AppStore } from '../state/store';
import type { Actions } from './actions';

/** What every component of the page may use: the store to read, the actions to change things. */
export const AppContext = createContext<{ store: AppStore; actions: Actions } | undefined>(undefined);

function useAppContext() {
  const context = useContext(AppContext);
  if (!context) throw new Error('This component stands outside the page.');
  return context;
}

/** A part of the state; renders again when it changes. */
export function useApp<T>(select: (state: AppState) => T): T {
  return useStore(useAppContext().store, select);
}

/**
 * A part of the state that may lag behind: renders again at most every `ms` milliseconds while it changes.
 * @param select the same function every time.
 */
export function useAppCalmly<T>(select: (state: AppState) => T, ms: number): T {
  const { store } = useAppContext();
  const [value, setValue] = useState(() => select(store.getState()));
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const takeSelection = () => {
      timer = undefined;
      setValue(select(store.getState()));
    };
    const end = store.subscribe(() => {
      timer ??= setTimeout(takeSelection, ms);
    });
    takeSelection();
    return () => {
      end();
      clearTimeout(timer);
    };
  }, [store, select, ms]);
  return value;
}

export function useActions(): Actions {
  return useAppContext().actions;
}
