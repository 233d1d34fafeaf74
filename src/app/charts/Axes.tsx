import { useMemo } from 'react';
import {
  CartesianGrid,
  XAxis,
  type XAxisTickContentProps,
  YAxis,
  type YAxisTickContentProps,
} from 'recharts';
import { logTicksOf, pixelScale, tickFormatOf, ticksOf } from './ticks';

interface AxisProps {
  /** In data units; holds every value that is drawn, or recharts widens it. */
  domain: readonly [number, number];
  /** Length of the axis on the screen. */
  pixels: number;
  /** Pixels between ticks, about. */
  every: number;
  format?: (value: number) => string;
  /** Whether series are cut at the ends of the domain instead; marks at its edge lose their half. */
  clips?: boolean;
  /** A log axis, of a domain above 0; its ticks are powers of ten. */
  isLog?: boolean;
}

/** A power of ten, or 2 or 5 times one, as it is read: `0.1`, `20`. */
const plainNumber = (value: number) => String(Number(value.toPrecision(1)));

function useTicks({ domain: [low, high], pixels, every, format, clips = false, isLog }: AxisProps) {
  return useMemo(() => {
    const ends = { domain: [low, high] as [number, number], allowDataOverflow: clips };
    if (isLog)
      return {
        ...ends,
        scale: 'log' as const,
        ticks: logTicksOf([low, high], pixels),
        tickFormatter: format ?? plainNumber,
      };
    const scale = pixelScale([low, high], 0, Math.max(1, pixels));
    return {
      ...ends,
      ticks: ticksOf(scale, every),
      tickFormatter: format ?? tickFormatOf(scale, every),
    };
  }, [low, high, pixels, every, format, clips, isLog]);
}

/** Ours are set where our scale has them, all of them, by CSS: recharts would choose, measure and paint them itself. */
const OWN_TICKS = {
  type: 'number',
  niceTicks: 'none',
  interval: 0,
  axisLine: false,
  tickLine: false,
  tickSize: 0,
} as const;

function LeftTick({ x, y, index, payload, tickFormatter }: YAxisTickContentProps) {
  return (
    <g className="axis">
      <text x={x} y={y} textAnchor="end" dominantBaseline="central">
        {tickFormatter?.(payload.value, index)}
      </text>
    </g>
  );
}

const LEFT_PADDING = { top: 0, bottom: 0 };

interface LeftAxisProps extends AxisProps {
  /** What the values take at the left of the plot. */
  width: number;
  /** Where the values of the items are found, if they do not say it themselves. */
  dataKey?: string;
  /** Pixels of the plot beyond the domain. */
  padding?: { top: number; bottom: number };
}

/** Horizontal grid lines with their values at the left. */
export function LeftAxis({ width, dataKey, padding = LEFT_PADDING, ...axis }: LeftAxisProps) {
  const own = useTicks(axis);
  return (
    <>
      <CartesianGrid stroke="var(--line)" vertical={false} horizontalValues={own.ticks} zIndex={0} />
      <YAxis
        {...OWN_TICKS}
        {...own}
        dataKey={dataKey}
        width={width}
        padding={padding}
        tickMargin={8}
        tick={LeftTick}
      />
    </>
  );
}

function BottomTick({ x, y, index, payload, tickFormatter }: XAxisTickContentProps) {
  return (
    <g className="axis" transform={`translate(${x},${y})`}>
      <line y2={4} />
      <text y={15} textAnchor="middle">
        {tickFormatter?.(payload.value, index)}
      </text>
    </g>
  );
}

const BOTTOM_PADDING = { left: 0, right: 0 };

interface BottomAxisProps extends AxisProps {
  /** What it takes under the plot. */
  height: number;
  /** Where the values of the items are found. */
  dataKey?: string;
  axisId?: string;
  /** Pixels of the plot beyond the domain. */
  padding?: { left: number; right: number };
  /** Pixels between the plot and the ticks. */
  margin?: number;
}

/** Values under the plot, with short ticks. */
export function BottomAxis(props: BottomAxisProps) {
  const { height, dataKey, axisId = 0, padding = BOTTOM_PADDING, margin = 0, ...axis } = props;
  const own = useTicks(axis);
  return (
    <XAxis
      {...OWN_TICKS}
      {...own}
      xAxisId={axisId}
      dataKey={dataKey}
      height={height}
      padding={padding}
      tickMargin={margin}
      tick={BottomTick}
    />
  );
}
