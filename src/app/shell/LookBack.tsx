import { useApp } from '../client/context';
import { viewBefore } from '../state/pane-views';
import type { View } from '../state/view';

const LABELS: Partial<Record<View['origin'], string>> = {
  recorded: 'Back to the recording',
  opened: 'Back to what was opened',
  kept: 'Back to the result before',
};

/** Shows again, in every pane, what stood there before a study was started here; and back. */
export function LookBack() {
  const before = useApp(viewBefore);
  const view = useApp((state) => state.view);
  const lookBack = useApp((state) => state.lookBack);
  const setLookBack = useApp((state) => state.setLookBack);
  if (!before || before === view) return null;
  return (
    <button type="button" className="quiet-button" onClick={() => setLookBack(!lookBack)}>
      {lookBack ? 'Show what was computed here' : LABELS[before.origin]}
    </button>
  );
}
