import { type Ref, useMemo } from 'react';
import { ErrorBar, ReferenceDot, ReferenceLine, Scatter, ScatterChart } from 'recharts';
import { BottomAxis, LeftAxis } from '../../charts/Axes';
import { starPath, strategyStyle } from '../../charts/strategy-style';
import type { Size } from '../../charts/use-size';
import { axisTitle } from '../AxisPicker';
import { type QuantityId, quantity } from '../quantities';
import { PlaneNames } from './PlaneNames';
import { PlanePoints } from './PlanePoints';
import { PlaneTrail } from './PlaneTrail';
import { planeMargins } from './plane-margins';
import type { PlaneLine, PlaneModel, RunPoint } from './plane-model';

interface PlaneProps {
  svg: Ref<SVGSVGElement>;
  model: PlaneModel;
  size: Size;
  xId: QuantityId;
  yId: QuantityId;
  selected: string | undefined;
  onSelect: (runId: string) => void;
  /** The point under the pointer or in focus. */
  onPoint: (point: RunPoint | undefined) => void;
}

const { left, right, top, bottom } = planeMargins;
const MARGIN = { left: 0, right, top, bottom: 0 };
/** So that no mark at the edge of a domain lies on the frame. */
const X_PADDING = { left: 8, right: 8 };
const Y_PADDING = { top: 4, bottom: 0 };

/** What recharts reads of a point. */
const datumOf = ({ x, y }: RunPoint) => ({ x: x.mean, y: y.mean, xHalf: x.half, yHalf: y.half });

/** A series without its marks, which are buttons of our own. */
const POINTLESS = { shape: () => <g />, isAnimationActive: false, zIndex: 0 };

/** The t-interval of a point. It may reach far beyond the plane, which is cut for the means. */
const barOf = ({ strategy }: PlaneLine) => ({
  width: 0,
  stroke: strategyStyle(strategy).color,
  strokeWidth: 1,
  isAnimationActive: false,
  zIndex: 0,
});

/** The plane as one SVG, complete in itself so that it can be saved. */
export function Plane({ svg, model, size, xId, yId, selected, onSelect, onPoint }: PlaneProps) {
  const { width, height } = size;
  const { lines, original, oracle, trail, xDomain, yDomain } = model;
  const data = useMemo(() => lines.map((line) => line.points.map(datumOf)), [lines]);
  return (
    <ScatterChart
      ref={svg}
      width={width}
      height={height}
      margin={MARGIN}
      accessibilityLayer={false}
      role="group"
      aria-label={`Trade-off: ${axisTitle(yId)} against ${axisTitle(xId)}`}
    >
      <LeftAxis
        domain={yDomain}
        pixels={height - bottom - top - 4}
        every={52}
        width={left}
        dataKey="y"
        clips
        padding={Y_PADDING}
      />
      <BottomAxis
        domain={xDomain}
        pixels={width - left - right - 16}
        every={64}
        height={bottom}
        dataKey="x"
        clips
        padding={X_PADDING}
      />
      {quantity(xId).signed && <ReferenceLine className="plane-zero" x={0} zIndex={0} />}
      <text className="axis-title" x={left - 28} y={12}>
        ↑ {axisTitle(yId)} <tspan data-export="no">▾</tspan>
      </text>
      <text className="axis-title" x={width - right} y={height - bottom + 32} textAnchor="end">
        {axisTitle(xId)} → <tspan data-export="no">▾</tspan>
      </text>
      {oracle && <ReferenceLine className="plane-oracle-line" y={oracle.y.mean} zIndex={0} />}
      {lines.map((line, i) => (
        <Scatter {...POINTLESS} key={line.key} className="plane-bars" data={data[i]}>
          <ErrorBar {...barOf(line)} direction="x" dataKey="xHalf" />
          <ErrorBar {...barOf(line)} direction="y" dataKey="yHalf" />
        </Scatter>
      ))}
      {lines.map((line, i) => (
        <Scatter
          {...POINTLESS}
          key={line.key}
          data={data[i]}
          line={{ stroke: strategyStyle(line.strategy).color, strokeWidth: 2 }}
        />
      ))}
      <PlanePoints {...{ lines, xId, yId, selected, onSelect, onPoint }} />
      {trail.length > 0 && <PlaneTrail trail={trail} strategy={model.trailStrategy} />}
      {original && (
        <ReferenceDot
          className="plane-original"
          x={original.x.mean}
          y={original.y.mean}
          r={5}
          fill="var(--original)"
          stroke="var(--panel)"
          strokeWidth={1.5}
          zIndex={0}
        />
      )}
      {oracle && (
        <ReferenceDot
          x={oracle.x.mean}
          y={oracle.y.mean}
          shape={({ cx, cy }) => (
            <path className="plane-oracle" d={starPath(10)} transform={`translate(${cx},${cy})`} />
          )}
          zIndex={0}
        />
      )}
      <PlaneNames model={model} size={size} />
    </ScatterChart>
  );
}
