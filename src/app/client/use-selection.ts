import { useCallback } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { type PaneId, viewOfPane } from '../state/pane-views';
import { type Selection, selectionOf } from '../state/selection';
import type { AppState } from '../state/store';
import { useApp, useAppCalmly } from './context';
import { usePane } from './pane-view';

/** What the panes show together, but for the budget; renders again only when one of its parts changes. */
export function useSelection(): Omit<Selection, 'alpha'> {
  const pane = usePane();
  return useApp(
    useShallow((state) => {
      const { alpha: _, ...rest } = selectionIn(pane, state);
      return rest;
    }),
  );
}

const selectionIn = (pane: PaneId | undefined, state: AppState) =>
  selectionOf(state, pane ? viewOfPane(pane, state) : state.view);

/** Gives the same function to every caller in a pane, as `useAppCalmly` asks for. */
function useAlphaOf(): (state: AppState) => number {
  const pane = usePane();
  return useCallback((state) => selectionIn(pane, state).alpha, [pane]);
}

/** Where the map's handle stands. Apart from the rest: it moves at every frame, and few panes depend on it. */
export function useAlpha(): number {
  return useApp(useAlphaOf());
}

/** The handle's budget, renewed at most ten times a second: for panes beside the map, so that dragging stays smooth. */
export function useCalmAlpha(): number {
  return useAppCalmly(useAlphaOf(), 100);
}

/** Selecting a run lets the map, the curves and the comparison of models follow it. */
export function useSelectRun(): (id: string) => void {
  const setUi = useApp((state) => state.setUi);
  const setModels = useApp((state) => state.setModels);
  return useCallback(
    (id) => {
      setUi({ run: id, strategy: undefined, alpha: undefined, curves: 'run' });
      setModels({ a: undefined, seed: undefined });
    },
    [setUi, setModels],
  );
}
