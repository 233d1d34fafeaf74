import { useShallow } from 'zustand/react/shallow';
import { useApp } from '../state/context';
import { type Selection, selectionOf } from '../state/selection';

/** What the panes show together; renders again only when one of its parts changes. */
export function useSelection(): Selection {
  return useApp(useShallow(selectionOf));
}
