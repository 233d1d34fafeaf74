import { type Ref, useMemo } from 'react';
import { Line, LineChart, ReferenceDot, ReferenceLine } from 'recharts';
import { BottomAxis, LeftAxis } from '../../charts/Axes';
import type { Size } from '../../ui/use-size';
import type { Curve } from './attack-model';
import { SOURCE_COLORS } from './ConfidenceChart';

interface RocChartProps {
  svg: Ref<SVGSVGElement>;
  size: Size;
  curves: readonly Curve[];
}

const MARGIN = { left: 0, right: 12, top: 8, bottom: 0 };
const LEFT = 36;
const BOTTOM = 24;
const DOMAIN: [number, number] = [0, 100];
const DIAGONAL: [{ x: number; y: number }, { x: number; y: number }] = [
  { x: 0, y: 0 },
  { x: 100, y: 100 },
];

/** Never seen images taken for members against those of each source that are, with the threshold's points; the diagonal is guessing. */
export function RocChart({ svg, size: { width, height }, curves }: RocChartProps) {
  const series = useMemo(
    () =>
      curves.map(({ source, falsePositives, truePositives }) => ({
        source,
        points: falsePositives.map((x, i) => ({ x: 100 * x, y: 100 * truePositives[i]! })),
      })),
    [curves],
  );
  return (
    <LineChart
      ref={svg}
      width={width}
      height={height}
      margin={MARGIN}
      accessibilityLayer={false}
      role="img"
      aria-label="ROC of a threshold on the confidence in the label, in percent"
    >
      <LeftAxis domain={DOMAIN} pixels={height - 8 - BOTTOM} every={40} width={LEFT} />
      <BottomAxis domain={DOMAIN} pixels={width - LEFT - 12} every={60} height={BOTTOM} dataKey="x" />
      <ReferenceLine className="curve-level" segment={DIAGONAL} stroke="var(--muted)" zIndex={0} />
      {series.map(({ source, points }) => (
        <Line
          key={source}
          data={points}
          dataKey="y"
          stroke={SOURCE_COLORS[source]}
          strokeWidth={2}
          dot={false}
          activeDot={false}
          isAnimationActive={false}
          zIndex={0}
        />
      ))}
      {curves.map(({ source, at }) => (
        <ReferenceDot
          key={source}
          x={at.x}
          y={at.y}
          r={4}
          fill={SOURCE_COLORS[source]}
          stroke="var(--panel)"
          strokeWidth={1.5}
          zIndex={0}
        />
      ))}
    </LineChart>
  );
}
