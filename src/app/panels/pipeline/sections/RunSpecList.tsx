import type { ReactNode } from 'react';
import { listOf } from '../../../../lab/study/expand';
import type { RunSpec } from '../../../../lab/study/study';
import type { SectionProps } from './section';

interface Props extends SectionProps {
  /** A run that a new group starts from. */
  fresh: RunSpec;
  children: (run: RunSpec, index: number) => ReactNode;
}

/** The study's groups of runs, one under the other; each is the product of its lists. */
export function RunSpecList({ study, onEdit, fresh, children }: Props) {
  const { runs } = study;
  return (
    <>
      {runs.map((run, index) => {
        const size = [run.strategy, run.method, run.alpha, run.seed].reduce<number>(
          (product, list) => product * listOf<string | number>(list).length,
          1,
        );
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: groups have no identity but their place
          <details className="run-group" key={index} open={index === 0}>
            <summary>
              <strong>{run.label ?? `Group ${index + 1}`}</strong>
              <span className="muted">
                {size} {size === 1 ? 'run' : 'runs'}
              </span>
            </summary>
            <div className="run-group-body">
              {children(run, index)}
              {runs.length > 1 && (
                <button
                  type="button"
                  className="quiet-button"
                  onClick={() => onEdit({ ...study, runs: runs.filter((_, i) => i !== index) })}
                >
                  Remove this group
                </button>
              )}
            </div>
          </details>
        );
      })}
      <button
        type="button"
        className="quiet-button"
        onClick={() => onEdit({ ...study, runs: [...runs, fresh] })}
      >
        Add a group of runs
      </button>
    </>
  );
}
