import { type Ref, useMemo, useState } from 'react';
import { Line, LineChart, ReferenceLine } from 'recharts';
import { BottomAxis, LeftAxis } from '../../charts/Axes';
import { leftAxisWidth } from '../../charts/axis-width';
import { FocusableChart } from '../../charts/FocusableChart';
import { ReadingArea } from '../../charts/ReadingArea';
import { textSize, textWidth } from '../../charts/text-width';
import type { Size } from '../../ui/use-size';
import { type CurveKind, type CurvesModel, curveRows } from './curves-model';
import { EndLabels } from './EndLabels';

interface LinesChartProps {
  svg: Ref<SVGSVGElement>;
  model: CurvesModel;
  size: Size;
  kind: CurveKind;
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
export function LinesChart({ svg, model, size, kind, onEpoch }: LinesChartProps) {
  const [cursor, setCursor] = useState<number>();
  const { width, height } = size;
  const { curves, oracleForget, epochs, domain } = model;
  const names = [
    ...curves.map((curve) => curve.id),
    ...(oracleForget === undefined ? [] : ['oracle forget']),
  ];
  const right = Math.max(...names.map((name) => textWidth(name, textSize('s')))) + 14;
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
      label={`${kind === 'loss' ? 'Loss' : 'Accuracy in percent'} by epoch; arrow keys read the values`}
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
          epoch
        </text>
        {cursor !== undefined && (
          <ReferenceLine className="curve-cursor" x={cursor} zIndex={0} data-export="no" />
        )}
        {oracleForget !== undefined && (
          <ReferenceLine className="curve-oracle" y={oracleForget} stroke="var(--oracle)" zIndex={0} />
        )}
        {curves.map(({ id, color, points }) => (
          <Line
            key={id}
            className="curve"
            dataKey={id}
            stroke={color}
            strokeWidth={2}
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
        <EndLabels curves={curves} oracleForget={oracleForget} />
        <ReadingArea onValue={point} />
      </LineChart>
    </FocusableChart>
  );
}
