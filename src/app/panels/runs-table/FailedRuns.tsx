import { runName } from '../../state/run-estimates';
import type { RunView } from '../../state/view';
import { handOnFocus } from '../../ui/hand-on-focus';

interface FailedRunsProps {
  runs: readonly RunView[];
  /** Computes what has failed once more; absent where that cannot be. */
  onRetry?: () => void;
  /** Takes runs out of the study and off the page. */
  onLeaveOut?: (ids: string[]) => void;
}

/** What became of runs that have no numbers, and what can be done about it. */
export function FailedRuns({ runs, onRetry, onLeaveOut }: FailedRunsProps) {
  const failed = runs.filter(({ failure }) => failure !== undefined);
  if (failed.length === 0) return null;
  return (
    <div className="runs-notes">
      <ul aria-label="Runs that failed">
        {failed.map((run) => {
          const name = runName(run, runs);
          return (
            <li key={run.id}>
              <strong>{name}</strong> failed. {run.failure}{' '}
              {onLeaveOut && (
                <button
                  type="button"
                  className="quiet-button"
                  aria-label={`Leave out ${name}`}
                  onClick={(event) => {
                    handOnFocus(event.currentTarget);
                    onLeaveOut([run.id]);
                  }}
                >
                  Leave it out
                </button>
              )}
            </li>
          );
        })}
      </ul>
      {onRetry && (
        <p>
          <button type="button" className="quiet-button" onClick={onRetry}>
            Run what failed again
          </button>{' '}
          With the same settings on the same device it ends in the same way, unless the device was at fault.
        </p>
      )}
    </div>
  );
}
