import { memo, useMemo } from 'react';
import type { RankedMap } from '../../../lab/localize/ranked-map';
import { count, score } from '../../ui/format';
import { useSize } from '../../ui/use-size';

const HEIGHT = 110;
const PAD = 6;
const POINTS = 200;

interface RankChartProps {
  map: RankedMap;
  /** Selected units, ascending. */
  units: readonly number[];
}

/**
 * All scores in falling order on a logarithmic axis, the selected units marked; scores of 0 and below lie on the floor. The pane's table has
 * the numbers.
 */
export const RankChart = memo(function RankChart({ map, units }: RankChartProps) {
  const [box, { width }] = useSize<HTMLDivElement>();
  // Numbers are sorted fast upwards; a comparison function takes many times as long.
  const sorted = useMemo(() => map.unitScores.toSorted().reverse(), [map]);
  const high = Math.log(sorted[0]! > 0 ? sorted[0]! : 1);
  const low = Math.log(sorted.findLast((value) => value > 0) ?? 1);
  const x = (rank: number) => PAD + ((rank - 1) / Math.max(1, sorted.length - 1)) * (width - 2 * PAD);
  const y = (value: number) => {
    const part = value > 0 ? (Math.log(value) - low) / (high - low || 1) : 0;
    return HEIGHT - PAD - part * (HEIGHT - 2 * PAD);
  };
  const step = Math.max(1, Math.floor(sorted.length / POINTS));
  const line = Array.from(sorted.keys())
    .filter((i) => i % step === 0 || i === sorted.length - 1)
    .map((i) => `${x(i + 1).toFixed(1)},${y(sorted[i]!).toFixed(1)}`);
  return (
    <div>
      <h3>Score (log) against rank</h3>
      <div ref={box}>
        {width > 0 && (
          <svg
            width={width}
            height={HEIGHT}
            role="img"
            aria-label={`Scores of all ${map.model.units} units in falling order, ${units.length} selected ones marked; the table has the numbers`}
          >
            <path className="rank-line" d={`M${line.join('L')}`} />
            {units.map((unit) => (
              <circle
                key={unit}
                className="rank-mark"
                cx={x(map.ranks[unit]!)}
                cy={y(map.unitScores[unit]!)}
                r={units.length > 30 ? 2.5 : 4}
              />
            ))}
          </svg>
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
