import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { Controller } from '../lab/controller';
import type { AppState, AppStore } from './store';

/** What every component of the page may use: the store to read, the controller to act. */
export const AppContext = createContext<{ store: AppStore; controller: Controller } | undefined>(undefined);

function useAppContext() {
  const context = useContext(AppContext);
  if (!context) throw new Error('This component stands outside the page.');
  return context;
}

/** A part of the state; renders again when it changes. */
export function useApp<T>(select: (state: AppState) => T): T {
  return useStore(useAppContext().store, select);
}

export function useController(): Controller {
  return useAppContext().controller;
}
