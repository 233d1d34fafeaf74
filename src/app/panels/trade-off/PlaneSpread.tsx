import { usePlotArea, useXAxisScale, useYAxisScale } from 'recharts';
import { strategyStyle } from '../../charts/strategy-style';
import type { PlaneLine, RunPoint } from './plane-model';
import { ellipseOf } from './plane-spread';

interface PlaneSpreadProps {
  lines: readonly PlaneLine[];
  /** The run that the other panes show. */
  selected: string | undefined;
}

/** How far the seeds of each point lie apart: an ellipse of one standard deviation; the selected point has its t-intervals too. */
export function PlaneSpread({ lines, selected }: PlaneSpreadProps) {
  const plot = usePlotArea();
  const [x, y] = [useXAxisScale(), useYAxisScale()];
  if (!plot || !x || !y) return null;
  const within = (value: number | undefined, low: number, size: number) =>
    Math.max(low, Math.min(low + size, value ?? low));
  const intervals = ({ x: dx, y: dy }: RunPoint) => {
    const [left, right] = [-1, 1].map((side) =>
      within(x(dx.mean + side * (dx.half ?? 0)), plot.x, plot.width),
    );
    const [low, high] = [-1, 1].map((side) =>
      within(y(dy.mean + side * (dy.half ?? 0)), plot.y, plot.height),
    );
    return `M${left},${y(dy.mean)}H${right}M${x(dx.mean)},${low}V${high}`;
  };
  return lines.map(({ key, strategy, points }) => (
    <g key={key} className="plane-spread" style={{ color: strategyStyle(strategy).color }} aria-hidden>
      {points.map((point) => {
        const { group, spread, x: dx, y: dy } = point;
        const [cx, cy] = [x(dx.mean) ?? 0, y(dy.mean) ?? 0];
        if (!spread) return null;
        const { rx, ry, angle } = ellipseOf(spread, (x(dx.mean + 1) ?? 0) - cx, (y(dy.mean + 1) ?? 0) - cy);
        const isSelected = group.runs.some(({ id }) => id === selected);
        return (
          <g key={group.key}>
            <ellipse rx={rx} ry={ry} transform={`translate(${cx},${cy}) rotate(${angle})`} />
            {isSelected && <path d={intervals(point)} />}
          </g>
        );
      })}
    </g>
  ));
}
