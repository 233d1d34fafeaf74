import type { ScaleLinear } from 'd3-scale';
import { tickFormatOf, ticksOf } from './domain';

interface AxisProps {
  scale: ScaleLinear<number, number>;
  /** Pixels between ticks, about. */
  every: number;
  format?: (value: number) => string;
}

/** Horizontal grid lines with their values at the left of `x0`. */
export function AxisLeft({ scale, every, format, x0, x1 }: AxisProps & { x0: number; x1: number }) {
  const print = format ?? tickFormatOf(scale, every);
  return (
    <g className="axis">
      {ticksOf(scale, every).map((tick) => (
        <g key={tick} transform={`translate(0,${scale(tick)})`}>
          <line x1={x0} x2={x1} />
          <text x={x0 - 8} textAnchor="end" dominantBaseline="central">
            {print(tick)}
          </text>
        </g>
      ))}
    </g>
  );
}

/** Values under `y`, with short ticks. */
export function AxisBottom({ scale, every, format, y }: AxisProps & { y: number }) {
  const print = format ?? tickFormatOf(scale, every);
  return (
    <g className="axis">
      {ticksOf(scale, every).map((tick) => (
        <g key={tick} transform={`translate(${scale(tick)},${y})`}>
          <line y2={4} />
          <text y={15} textAnchor="middle">
            {print(tick)}
          </text>
        </g>
      ))}
    </g>
  );
}
