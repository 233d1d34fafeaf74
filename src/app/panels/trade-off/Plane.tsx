import { type Ref, useMemo } from 'react';
import { ErrorBar, ReferenceDot, ReferenceLine, Scatter, ScatterChart, XAxis, YAxis } from 'recharts';
import { BottomAxis, LeftAxis } from '../../charts/Axes';
import { starPath, strategyStyle } from '../../charts/strategy-style';
import type { Size } from '../../charts/use-size';
import { axisTitle } from '../AxisPicker';
import { type QuantityId, quantity } from '../quantities';
import { PlaneNames } from './PlaneNames';
import { PlanePoint } from './PlanePoint';
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

/** What recharts reads of a point, beside all of it. */
const datumOf = (point: RunPoint) => ({
  x: point.x.mean,
  y: point.y.mean,
  xHalf: point.x.half,
  yHalf: point.y.half,
  point,
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
        padding={Y_PADDING}
      />
      <BottomAxis
        domain={xDomain}
        pixels={width - left - right - 16}
        every={64}
        height={bottom}
        dataKey="x"
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
      <ClippedBars lines={lines} data={data} xDomain={xDomain} yDomain={yDomain} />
      {lines.map((line, i) => {
        const { color } = strategyStyle(line.strategy);
        return (
          <Scatter
            key={line.key}
            className="plane-line"
            data={data[i]}
            line={{ stroke: color, strokeWidth: 2 }}
            shape={({ cx = 0, cy = 0, payload: { point } }) => (
              <PlanePoint
                {...{ cx, cy, point, xId, yId, onSelect, onPoint }}
                strategy={line.strategy}
                chosen={point.group.runs.some((run: { id: string }) => run.id === selected)}
              />
            )}
            isAnimationActive={false}
            zIndex={0}
          />
        );
      })}
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

interface ClippedBarsProps {
  lines: readonly PlaneLine[];
  data: ReturnType<typeof datumOf>[][];
  xDomain: [number, number];
  yDomain: [number, number];
}

/**
 * The t-intervals, behind all marks. They may reach far beyond the plane, which is cut for the means; recharts clips by the axis, so they
 * have axes of their own, and no mark loses its half at the frame.
 */
function ClippedBars({ lines, data, xDomain, yDomain }: ClippedBarsProps) {
  const axis = { hide: true, type: 'number', niceTicks: 'none', allowDataOverflow: true } as const;
  return (
    <>
      <XAxis {...axis} xAxisId="clipped" dataKey="x" domain={xDomain} padding={X_PADDING} />
      <YAxis {...axis} yAxisId="clipped" dataKey="y" domain={yDomain} padding={Y_PADDING} />
      {lines.map((line, i) => {
        const bar = {
          width: 0,
          stroke: strategyStyle(line.strategy).color,
          strokeWidth: 1,
          isAnimationActive: false,
          zIndex: 0,
        };
        return (
          <Scatter
            key={line.key}
            className="plane-bars"
            data={data[i]}
            xAxisId="clipped"
            yAxisId="clipped"
            shape={() => <g />}
            isAnimationActive={false}
            zIndex={0}
          >
            <ErrorBar {...bar} direction="x" dataKey="xHalf" />
            <ErrorBar {...bar} direction="y" dataKey="yHalf" />
          </Scatter>
        );
      })}
    </>
  );
}
