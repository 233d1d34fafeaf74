import { memo, useMemo } from 'react';
import type { RankedMap } from '../../../lab/localize/ranked-map';
import { lazyChart } from '../../charts/lazy-chart';
import { count, score } from '../../ui/format';
import { useSize } from '../../ui/use-size';

interface RankChartProps {
  map: RankedMap;
  /** Selected units, ascending. */
  units: readonly number[];
}

const RankLine = lazyChart(() => import('./RankLine').then((module) => module.RankLine));

/**
 * All scores in falling order on a logarithmic axis, the selected units marked; scores of 0 and below lie on the floor. The pane's table has
 * the numbers.
 */
export const RankChart = memo(function RankChart({ map, units }: RankChartProps) {
  const [box, { width }] = useSize<HTMLDivElement>();
  // Numbers are sorted fast upwards; a comparison function takes many times as long.
  const sorted = useMemo(() => map.unitScores.toSorted().reverse(), [map]);
  const selected = useMemo(
    () => units.map((unit) => ({ unit, rank: map.ranks[unit]!, score: map.unitScores[unit]! })),
    [map, units],
  );
  return (
    <div>
      <h3>Score (log) against rank</h3>
      <div className="rank-box" ref={box}>
        {width > 0 && (
          <RankLine
            sorted={sorted}
            selected={selected}
            width={width}
            label={`Scores of all ${map.model.units} units in falling order, ${units.length} selected ones marked; the table has the numbers`}
          />
        )}
      </div>
      <p className="muted rank-ends">
        <span>1 · {score(sorted[0])}</span>
        <span>
          {count(sorted.length)} · {score(sorted.at(-1))}
        </span>
      </p>
    </div>
  );
});
