import { useApp } from '../../client/context';
import { Pane } from '../../ui/Pane';
import { SweepTable } from './SweepTable';

/** The sweep table as a pane of the Studies view. */
export function SweepPane() {
  const name = useApp((state) => state.study.name);
  const undo = useApp((state) => state.undo);
  const redo = useApp((state) => state.redo);
  const canUndo = useApp((state) => state.past.length > 0);
  const canRedo = useApp((state) => state.future.length > 0);
  return (
    <Pane
      title="Sweep table"
      fileName="sweep"
      className="sweep-pane"
      aside={`of “${name}”`}
      hint="Several values in a field are a run each. In a tuned row the combinations of its settings are candidates instead: they are tried on a seed of their own, and the one nearest to the oracle is run."
      controls={
        <>
          <button type="button" className="text-button" disabled={!canUndo} onClick={undo}>
            Undo edit
          </button>
          <button type="button" className="text-button" disabled={!canRedo} onClick={redo}>
            Redo edit
          </button>
        </>
      }
    >
      <SweepTable />
    </Pane>
  );
}
