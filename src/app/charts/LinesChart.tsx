import { type Ref, useMemo, useState } from 'react';
import { Line, LineChart, ReferenceLine } from 'recharts';
import type { Size } from '../ui/use-size';
import { BottomAxis, LeftAxis } from './Axes';
import { leftAxisWidth } from './axis-width';
import { EndLabels } from './EndLabels';
import { FocusableChart } from './FocusableChart';
import { curveRows, type LinesModel } from './lines';
import { ReadingArea } from './ReadingArea';
import { textSize, textWidth } from './text-width';

interface LinesChartProps {
  svg: Ref<SVGSVGElement>;
  model: LinesModel;
  size: Size;
  /** What the lines show, as a title: `Loss`. */
  label: string;
  /** What is counted along the axis, where it is not epochs. */
  unit?: string;
  /** The epoch under the pointer or cursor. */
  onEpoch: (epoch: number | undefined) => void;
}

/** About so many pixels between the ticks of the vertical axis. */
const EVERY = 34;
const TOP = 8;
const BOTTOM = 22;

/** Ticks between epochs have no number. */
const wholeEpoch = (value: number) => (Number.isInteger(value) ? String(value) : '');

/** Lines with their names at their ends. Arrow keys walk the epochs. */
export function LinesChart({ svg, model, size, label, unit = 'epoch', onEpoch }: LinesChartProps) {
  const [cursor, setCursor] = useState<number>();
  const { width, height } = size;
  const { curves, level, epochs, domain } = model;
  const names = [...curves.map((curve) => curve.id), ...(level ? [level.name] : [])];
  const widths = names.map((name) => textWidth(name, textSize('s')));
  // The axis’ title stands below the names.
  const right = Math.max(...widths, textWidth(unit, textSize('xs'))) + 14;
  const pixels = height - BOTTOM - TOP;
  const left = leftAxisWidth(domain, pixels, EVERY);
  const rows = useMemo(() => curveRows(curves), [curves]);
  const margin = useMemo(() => ({ left: 0, right, top: TOP, bottom: 0 }), [right]);
  const show = (epoch: number | undefined) => {
    setCursor(epoch);
    onEpoch(epoch);
  };
  const point = (value: number | undefined) =>
    show(value === undefined ? undefined : Math.max(0, Math.min(epochs, Math.round(value))));
  return (
    <FocusableChart
      label={`${label} by ${unit}; arrow keys read the values`}
      cursor={cursor}
      last={epochs}
      onCursor={show}
    >
      <LineChart
        ref={svg}
        width={width}
        height={height}
        data={rows}
        margin={margin}
        accessibilityLayer={false}
      >
        <LeftAxis domain={domain} pixels={pixels} every={EVERY} width={left} />
        <BottomAxis
          domain={[0, epochs]}
          pixels={width - left - right}
          every={70}
          height={BOTTOM}
          dataKey="epoch"
          format={wholeEpoch}
        />
        <text className="axis-title" x={width - right + 14} y={height - BOTTOM + 15}>
          {unit}
        </text>
        {cursor !== undefined && (
          <ReferenceLine className="curve-cursor" x={cursor} zIndex={0} data-export="no" />
        )}
        {level && <ReferenceLine className="curve-level" y={level.value} stroke={level.color} zIndex={0} />}
        {curves.map(({ id, color, dash, points }) => (
          <Line
            key={id}
            className="curve"
            dataKey={id}
            stroke={color}
            strokeWidth={2}
            strokeDasharray={dash}
            activeDot={false}
            dot={
              (cursor !== undefined || points.length === 1) &&
              (({ key, cx, cy, payload }) =>
                payload.epoch === cursor || points.length === 1 ? (
                  <circle key={key} className="curve-dot" cx={cx} cy={cy} r={3.5} stroke={color} />
                ) : null)
            }
            isAnimationActive={false}
            zIndex={0}
          />
        ))}
        <EndLabels curves={curves} level={level} />
        <ReadingArea onValue={point} />
      </LineChart>
    </FocusableChart>
  );
}
