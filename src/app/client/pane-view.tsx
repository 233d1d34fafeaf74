import { createContext, type ReactNode, useContext } from 'react';
import { type PaneId, paneMark, viewOfPane } from '../state/pane-views';
import type { View } from '../state/view';
import { PaneMark } from '../ui/Pane';
import { useApp } from './context';

const Scope = createContext<PaneId | undefined>(undefined);

/** What stands inside shows the study that this pane can show; where that is another one than the top bar names, the pane says so. */
export function PaneScope({ pane, children }: { pane: PaneId; children: ReactNode }) {
  const mark = useApp((state) => paneMark(pane, viewOfPane(pane, state), state));
  return (
    <Scope value={pane}>
      <PaneMark value={mark}>{children}</PaneMark>
    </Scope>
  );
}

/** The pane that the caller stands in. */
export const usePane = () => useContext(Scope);

/** What the pane shows that the caller stands in; outside of panes, the study that is computed or was opened. */
export function useView(): View | undefined {
  const pane = usePane();
  return useApp((state) => (pane ? viewOfPane(pane, state) : state.view));
}
