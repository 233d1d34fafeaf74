import type { ReactNode } from 'react';
import { expandRuns, expansionProblem } from '../../../../lab/study/expand';
import type { RunSpec } from '../../../../lab/study/study';
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

/** `6 runs`, `6 runs, each tuned over 3 candidates`. */
function sizeText(specs: RunSpec[]): string {
  if (expansionProblem(specs)) return 'too many runs';
  const runs = expandRuns({ runs: specs });
  const candidates = [...new Set(runs.map(({ tuning }) => tuning?.candidates.length))];
  const [first] = candidates;
  const number = `${runs.length} ${runs.length === 1 ? 'run' : 'runs'}`;
  if (first === undefined) return number;
  return `${number}, tuned over ${candidates.length === 1 ? first : candidates.join(' or ')} ${first === 1 ? 'candidate' : 'candidates'}`;
}

/** The study's groups of runs, one under the other; each is every strategy with every method. */
export function RunSpecList({ study, onEdit, children }: Props) {
  const groups = specGroups(study.runs);
  const keepUnchosen = useApp((state) => state.keepUnchosen);
  return (
    <>
      {groups.map((group, index) => {
        const { from, count, shared } = group;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: groups have no identity but their place
          <details className="run-group" key={index} open={index === 0}>
            <summary>
              <strong>{shared.label ?? `Group ${index + 1}`}</strong>
              <span className="muted">{sizeText(study.runs.slice(from, from + count))}</span>
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
