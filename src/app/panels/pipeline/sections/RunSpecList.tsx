import type { ReactNode } from 'react';
import { listOf } from '../../../../lab/study/expand';
import { useApp } from '../../../client/context';
import { FRESH_RUN, type SectionProps } from './section';
import { type SpecGroup, specGroups, withGroup } from './spec-groups';

interface Props extends SectionProps {
  /**
   * @param change what becomes other in the group
   * @param place of the group among the others
   */
  children: (group: SpecGroup, change: (next: Partial<SpecGroup>) => void, place: number) => ReactNode;
}

/** The study's groups of runs, one under the other; each is every strategy with every method. */
export function RunSpecList({ study, onEdit, children }: Props) {
  const groups = specGroups(study.runs);
  const keepUnchosen = useApp((state) => state.keepUnchosen);
  return (
    <>
      {groups.map((group, index) => {
        const { strategies, methods, shared } = group;
        const seeds = listOf(shared.seed).length;
        const product = strategies.length * methods.length * listOf(shared.alpha).length * seeds;
        const size = shared.weights ? seeds : product;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: groups have no identity but their place
          <details className="run-group" key={index} open={index === 0}>
            <summary>
              <strong>{shared.label ?? `Group ${index + 1}`}</strong>
              <span className="muted">
                {size} {size === 1 ? 'run' : 'runs'}
              </span>
            </summary>
            <div className="run-group-body">
              {shared.weights ? (
                <p className="muted">
                  A model that was unlearned elsewhere, from <b>{shared.weights.file}</b>: only measured here.
                </p>
              ) : (
                children(group, (next) => onEdit(withGroup(study, group, next)), index)
              )}
              {groups.length > 1 && (
                <button
                  type="button"
                  className="quiet-button"
                  onClick={() => {
                    onEdit(withGroup(study, group, undefined));
                    keepUnchosen(undefined);
                  }}
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
        onClick={() => onEdit({ ...study, runs: [...study.runs, FRESH_RUN] })}
      >
        Add a group of runs
      </button>
    </>
  );
}
