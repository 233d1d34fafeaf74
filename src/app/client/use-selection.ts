import { useCallback } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { type Selection, selectionOf } from '../state/selection';
import type { AppState } from '../state/store';
import { useApp, useAppCalmly } from './context';

/** What the panes show together, but for the budget; renders again only when one of its parts changes. */
export function useSelection(): Omit<Selection, 'alpha'> {
  return useApp(
    useShallow((state) => {
      const { alpha: _, ...rest } = selectionOf(state);
      return rest;
    }),
  );
}

const alphaOf = (state: AppState) => selectionOf(state).alpha;

/** Where the map's handle stands. Apart from the rest: it moves at every frame, and few panes depend on it. */
export function useAlpha(): number {
  return useApp(alphaOf);
}

/** The handle's budget, renewed at most ten times a second: for panes beside the map, so that dragging stays smooth. */
export function useCalmAlpha(): number {
  return useAppCalmly(alphaOf, 100);
}

/** Selecting a run lets the map and the curves follow it. */
export function useSelectRun(): (id: string) => void {
  const setUi = useApp((state) => state.setUi);
  return useCallback(
    (id) => setUi({ run: id, strategy: undefined, alpha: undefined, curves: 'run' }),
    [setUi],
  );
}
