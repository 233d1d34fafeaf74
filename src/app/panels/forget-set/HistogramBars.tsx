import { Bar, BarChart, type BarShapeProps, usePlotArea, useXAxisScale, XAxis, YAxis } from 'recharts';
import { fixed } from '../../../lab/format';
import { BottomAxis } from '../../charts/Axes';
import { FocusableChart } from '../../charts/FocusableChart';
import { ReadingArea } from '../../charts/ReadingArea';
import type { Histogram } from './memorization-bins';

const HEIGHT = 62;
const AXIS = 20;
/** Half of an axis label. */
const SIDE = 13;
const MARGIN = { left: SIDE, right: SIDE, top: 4, bottom: 0 };

/** A bar that is there is seen, however long the longest. */
const leastHeight = (value: number | undefined | null) => (value ? 1.5 : 0);

interface HistogramBarsProps {
  histogram: Histogram;
  width: number;
  cursor: number | undefined;
  onCursor: (position: number | undefined) => void;
}

/** Bars whose coloured foot is the forget set's part; a line under them spans its scores. Arrow keys walk the bars. */
export function HistogramBars({ histogram: { bins, range }, width, cursor, onCursor }: HistogramBarsProps) {
  const first = bins[0]!.from;
  const last = bins.length - 1;
  const most = Math.max(...bins.map((bin) => bin.count));
  const point = (score: number | undefined) =>
    onCursor(score === undefined ? undefined : Math.max(0, Math.min(last, Math.floor((score - first) * 10))));
  const bar = ({ x, y, width, height, index }: BarShapeProps) => (
    <rect data-current={index === cursor || undefined} x={x} y={y} width={width} height={height} />
  );
  const common = { shape: bar, minPointSize: leastHeight, isAnimationActive: false, zIndex: 0 };
  return (
    <FocusableChart
      label={`Training images by memorization score${range ? `; the forget set spans ${fixed(range[0], 2)} to ${fixed(range[1], 2)}` : ''}; arrow keys read the bars`}
      cursor={cursor}
      last={last}
      onCursor={onCursor}
    >
      <BarChart
        width={width}
        height={HEIGHT}
        data={bins}
        margin={MARGIN}
        barCategoryGap={0.5}
        accessibilityLayer={false}
      >
        {/* Bars on one axis would stand side by side; these are two, one over the other, bin for bin along the scores. */}
        <XAxis hide xAxisId="images" dataKey="from" height={0} />
        <XAxis hide xAxisId="forget" dataKey="from" height={0} />
        <YAxis hide domain={[0, most]} niceTicks="none" />
        <Bar {...common} className="memorization-bar" xAxisId="images" dataKey="count" />
        <Bar {...common} className="memorization-bar memorization-forget" xAxisId="forget" dataKey="forget" />
        <BottomAxis
          axisId="score"
          dataKey="from"
          domain={[first, 1]}
          pixels={width - 2 * SIDE}
          every={50}
          height={AXIS}
          margin={2}
        />
        {range && <ForgetRange range={range} />}
        <ReadingArea axisId="score" onValue={point} />
      </BarChart>
    </FocusableChart>
  );
}

/** From the lowest to the highest score of the forget set, between the bars and the axis. */
function ForgetRange({ range: [low, high] }: { range: readonly [number, number] }) {
  const plot = usePlotArea();
  const x = useXAxisScale('score');
  const [from, to] = [x?.(low) ?? Number.NaN, x?.(high) ?? Number.NaN];
  // Not a number until the axis is known, after the first render.
  if (!plot || !Number.isFinite(from + to)) return null;
  const y = plot.y + plot.height + 2;
  return <line className="memorization-range" x1={from - 1} x2={to + 1} y1={y} y2={y} />;
}
