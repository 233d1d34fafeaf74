import { type Ref, useMemo } from 'react';
import { ReferenceDot, ReferenceLine, ScatterChart } from 'recharts';
import { BottomAxis, LeftAxis } from '../../charts/Axes';
import { starPath } from '../../charts/strategy-style';
import { textSize } from '../../charts/text-width';
import { quantity, quantityTitle } from '../../state/quantities';
import { PlaneDrag } from './PlaneDrag';
import { PlaneNames } from './PlaneNames';
import { PlanePoints } from './PlanePoints';
import { PlaneSeries, seriesOf } from './PlaneSeries';
import { PlaneSpread } from './PlaneSpread';
import { PlaneTrail } from './PlaneTrail';
import { PlotClip } from './PlotClip';
import { hasRings } from './plane-axes';
import { PLANE_EVERY, PLANE_PADDING, planeMargins, planePixels } from './plane-margins';
import type { PlaneModel, RunPoint } from './plane-model';
import { drawnWindow, type PlaneDrawing } from './plane-scale';
import { seenIn, wholeOf } from './plane-zoom';
import type { PlaneZoom } from './use-plane-zoom';

interface PlaneProps extends PlaneDrawing {
  svg: Ref<SVGSVGElement>;
  model: PlaneModel;
  /** What of it is shown. */
  zoom: PlaneZoom;
  selected: string | undefined;
  onSelect: (runId: string) => void;
  onOpen?: () => void;
  /** The point under the pointer or in focus. */
  onPoint: (point: RunPoint | undefined) => void;
}

const X_PADDING = { left: PLANE_PADDING.x, right: PLANE_PADDING.x };
const Y_PADDING = { top: PLANE_PADDING.top, bottom: 0 };

/** The plane as one SVG, complete in itself so that it can be saved. */
export function Plane(props: PlaneProps) {
  const { svg, model, size, xId, yId, zoom, selected, onSelect, onOpen, onPoint } = props;
  const { width, height } = size;
  const { lines, original, oracle, trail } = model;
  const isZoomed = zoom.window !== undefined;
  const shown = drawnWindow(zoom.window ?? wholeOf(model), props);
  const [xDomain, yDomain] = [shown.x, shown.y];
  const seen = isZoomed ? seenIn(model, shown) : model;
  const { left, right, top, bottom } = planeMargins(yDomain, height);
  const margin = useMemo(() => ({ left: 0, right, top, bottom: 0 }), [right, top]);
  const series = useUnchanged(lines.map(seriesOf));
  return (
    <ScatterChart
      ref={svg}
      width={width}
      height={height}
      margin={margin}
      accessibilityLayer={false}
      className="plane"
      role="group"
      aria-label={`Trade-off: ${quantityTitle(yId)} against ${quantityTitle(xId)}`}
    >
      <LeftAxis
        domain={yDomain}
        pixels={planePixels(height)}
        every={PLANE_EVERY}
        width={left}
        dataKey="y"
        clips
        padding={Y_PADDING}
      />
      <BottomAxis
        domain={xDomain}
        pixels={width - left - right - 2 * PLANE_PADDING.x}
        every={64}
        height={bottom}
        dataKey="x"
        clips
        padding={X_PADDING}
      />
      {quantity(xId).signed && <ReferenceLine className="plane-zero" x={0} zIndex={0} />}
      <text className="axis-title" x={8} y={textSize('s') + 1}>
        ↑ {quantityTitle(yId)} <tspan data-export="no">▾</tspan>
      </text>
      <text className="axis-title" x={width - right} y={height - bottom + 32} textAnchor="end">
        {quantityTitle(xId)} → <tspan data-export="no">▾</tspan>
      </text>
      <PlaneDrag zoom={zoom} />
      <PlotClip clips={isZoomed}>
        <PlaneSpread {...{ lines, selected }} />
      </PlotClip>
      {oracle && <ReferenceLine className="plane-oracle-line" y={oracle.y.mean} zIndex={0} />}
      <PlaneSeries series={series} />
      <PlanePoints {...{ lines: seen.lines, xId, yId, selected, onSelect, onOpen, onPoint, zoom }} />
      <PlotClip clips={isZoomed}>
        {trail.length > 0 && <PlaneTrail trail={trail} strategy={model.trailStrategy} />}
      </PlotClip>
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
      <PlaneNames
        model={seen}
        window={shown}
        size={size}
        rings={oracle && hasRings(xId, yId) ? oracle : undefined}
      />
    </ScatterChart>
  );
}

/** The object of before as long as it would be written alike: recharts works everything out anew for another one. */
function useUnchanged<T>(value: T): T {
  const text = JSON.stringify(value);
  return useMemo(() => JSON.parse(text) as T, [text]);
}
