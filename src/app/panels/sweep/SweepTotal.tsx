import { useDeferredValue, useMemo } from 'react';
import { bytesText } from '../../../lab/format';
import { useActions, useApp } from '../../client/context';
import { count } from '../../ui/format';
import { timeText } from '../cost/cost-text';
import { useCost } from '../cost/use-cost';
import { studyCount } from './run-count';

/** What the study comes to: runs, and what they take here. */
export function SweepTotal() {
  const study = useDeferredValue(useApp((state) => state.study));
  const runs = useMemo(() => studyCount(study), [study]);
  const cost = useCost();
  const { estimator } = useActions();
  return (
    <dl className="sweep-total" aria-label="What the study comes to" onPointerEnter={estimator.estimateSoon}>
      <div>
        <dt>In all</dt>
        <dd>{runs}</dd>
      </div>
      {cost && (
        <>
          <div>
            <dt>To compute</dt>
            <dd>
              {cost.passes === 0 && cost.counted
                ? 'nothing: all is stored'
                : `${count(cost.passes)} image passes`}
            </dd>
          </div>
          <div>
            <dt>Time</dt>
            <dd>{timeText(cost)}</dd>
          </div>
          <div>
            <dt>Memory</dt>
            <dd>{bytesText(cost.memory)}</dd>
          </div>
        </>
      )}
    </dl>
  );
}
