import { type Ref, useMemo } from 'react';
import { Line, LineChart, ReferenceLine } from 'recharts';
import { LOW_RATES } from '../../../lab/evaluate/lira';
import { BottomAxis, LeftAxis } from '../../charts/Axes';
import { FocusableChart } from '../../charts/FocusableChart';
import { ReadingArea } from '../../charts/ReadingArea';
import type { Size } from '../../ui/use-size';
import { modelColor } from '../compared/model-color';
import { type AttackedSide, logStart, rocPoints } from './lira-model';

interface LiraChartProps {
  svg: Ref<SVGSVGElement>;
  sides: readonly AttackedSide[];
  size: Size;
  isLog: boolean;
  /** False positives at which the curves are read, in percent, ascending. */
  rates: readonly number[];
  /** Place among them of the one that is read. */
  cursor: number | undefined;
  onCursor: (place: number | undefined) => void;
}

const TOP = 22;
const LEFT = 36;
const RIGHT = 14;
const TICKS = 22;
const TITLE = 14;
const MARGIN = { left: 0, right: RIGHT, top: TOP, bottom: TITLE };

/** ROC of the likelihood ratio, with the low rates that it is judged by; the diagonal is guessing. */
export function LiraChart({ svg, sides, size, isLog, rates, cursor, onCursor }: LiraChartProps) {
  const { width, height } = size;
  const images = Math.max(...sides.map((side) => side.images));
  const low = isLog ? logStart(images) : 0;
  const domain = useMemo<[number, number]>(() => [low, 100], [low]);
  const curves = useMemo(
    () => sides.map((side) => ({ side, points: rocPoints(side, isLog) })),
    [sides, isLog],
  );
  const diagonal = useMemo<[{ x: number; y: number }, { x: number; y: number }]>(
    () => [
      { x: low, y: low },
      { x: 100, y: 100 },
    ],
    [low],
  );
  const marks = LOW_RATES.map(({ fpr }) => 100 * fpr).filter((mark) => mark >= logStart(images));
  const read = cursor === undefined ? undefined : rates[cursor];
  const readAt = (value: number | undefined) =>
    onCursor(
      value === undefined
        ? undefined
        : Math.max(
            0,
            rates.findLastIndex((rate) => rate <= value),
          ),
    );
  return (
    <FocusableChart
      label="ROC of U-LiRA; arrow keys read it from few false positives to many"
      cursor={cursor}
      last={rates.length - 1}
      onCursor={onCursor}
    >
      <LineChart ref={svg} width={width} height={height} margin={MARGIN} accessibilityLayer={false}>
        <LeftAxis
          domain={domain}
          pixels={height - TOP - TICKS - TITLE}
          every={40}
          width={LEFT}
          isLog={isLog}
          clips
        />
        <BottomAxis
          domain={domain}
          pixels={width - LEFT - RIGHT}
          every={60}
          height={TICKS}
          dataKey="x"
          isLog={isLog}
          clips
        />
        <text className="axis-title" x={4} y={11}>
          ↑ true positives, %
        </text>
        <text className="axis-title" x={width - RIGHT} y={height - 3} textAnchor="end">
          false positives, % →
        </text>
        <ReferenceLine className="curve-level" segment={diagonal} stroke="var(--muted)" zIndex={0} />
        {marks.map((mark) => (
          <ReferenceLine
            key={mark}
            className="lira-mark"
            x={mark}
            stroke="var(--muted)"
            strokeDasharray="1 4"
            zIndex={0}
          />
        ))}
        {curves.map(({ side: { letter, model }, points }) => (
          <Line
            key={letter}
            data={points}
            dataKey="y"
            type="linear"
            stroke={modelColor(model)}
            strokeWidth={2}
            strokeDasharray={letter === 'B' ? '6 4' : undefined}
            dot={false}
            activeDot={false}
            isAnimationActive={false}
            zIndex={0}
          />
        ))}
        {read !== undefined && (
          <ReferenceLine className="curve-cursor" x={Math.max(low, read)} zIndex={0} data-export="no" />
        )}
        <ReadingArea onValue={readAt} />
      </LineChart>
    </FocusableChart>
  );
}
