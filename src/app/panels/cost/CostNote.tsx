import { Tooltip } from '@mantine/core';
import { useActions, useApp } from '../../client/context';
import { spaceProblem } from '../../state/study-cost';
import { costLong, costShort } from './cost-text';
import { useCost } from './use-cost';
import '../../ui/status-line.css';

/** Beside the button that runs the study: what that will take. */
export function CostNote() {
  const cost = useCost();
  const possible = useApp(({ gpu }) => gpu?.available === true);
  const { estimator } = useActions();
  if (!cost || !possible || cost.tooLarge) return null;
  return (
    <Tooltip label={costLong(cost)}>
      {/* Asking what it takes has it measured, as pointing at the button that runs the study does. */}
      <button
        type="button"
        className="term cost-note"
        onPointerEnter={estimator.estimateSoon}
        onFocus={estimator.estimateSoon}
      >
        {costShort(cost)}
      </button>
    </Tooltip>
  );
}

/** A study that the device or the browser's storage cannot hold, said before it is started, with what would fit. */
export function TooLarge() {
  const known = useCost();
  const cost = useApp(({ gpu }) => gpu?.available === true) ? known : undefined;
  const free = useApp((state) => state.free);
  // No warning once the study runs: it fills the space itself.
  const atWork = useApp(({ view }) => view?.origin === 'live' && view.state !== 'done');
  const space = cost && !atWork && spaceProblem(cost, free);
  const tooLarge = cost?.tooLarge ?? (space ? { message: space, microBatch: undefined } : undefined);
  const study = useApp((state) => state.study);
  const editStudy = useApp((state) => state.editStudy);
  if (!tooLarge) return null;
  const { message, microBatch } = tooLarge;
  return (
    <p className="status-line" data-state="failed">
      <span role="status">{message}</span>
      {microBatch !== undefined && (
        <button type="button" className="quiet-button" onClick={() => editStudy({ ...study, microBatch })}>
          Split its batches
        </button>
      )}
    </p>
  );
}
