import { type Ref, useId } from 'react';
import type { Interval } from '../../../lab/evaluate/student';
import { AxisBottom, AxisLeft } from '../../charts/Axes';
import { pixelScale } from '../../charts/domain';
import { markPath, starPath, strategyStyle } from '../../charts/strategy-style';
import { type QuantityId, quantity } from '../../state/quantities';
import { estimateText } from '../../state/quantity-text';
import { budgetOf } from '../../state/run-estimates';
import type { Size } from '../../ui/use-size';
import { axisTitle } from './AxisPicker';
import { planeLabels } from './plane-labels';
import type { PlaneLine, PlaneModel, RunPoint } from './plane-model';

interface PlaneProps {
  ref: Ref<SVGSVGElement>;
  model: PlaneModel;
  size: Size;
  xId: QuantityId;
  yId: QuantityId;
  selected: string | undefined;
  onSelect: (runId: string) => void;
  /** The point under the pointer or in focus. */
  onPoint: (point: RunPoint | undefined) => void;
}

export const planeMargins = { left: 36, right: 10, top: 24, bottom: 40 };

/** The plane as one SVG, complete in itself so that it can be saved. */
export function Plane({ ref, model, size, xId, yId, selected, onSelect, onPoint }: PlaneProps) {
  const clip = useId();
  const { width, height } = size;
  const { left, right, top, bottom } = planeMargins;
  const x = pixelScale(model.xDomain, left + 8, width - right - 8);
  const y = pixelScale(model.yDomain, height - bottom, top + 4);
  const labels = planeLabels(model, { x, y, frame: { ...planeMargins, ...size } });
  const inside = (value: number) => Math.max(top, Math.min(height - bottom, y(value)));

  return (
    // biome-ignore lint/a11y/useSemanticElements: an SVG with focusable points is a group, not a picture
    <svg
      ref={ref}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="group"
      aria-label={`Trade-off: ${axisTitle(yId)} against ${axisTitle(xId)}`}
    >
      <clipPath id={clip}>
        <rect x={left} y={top - 8} width={width - left - right} height={height - top - bottom + 8} />
      </clipPath>
      <AxisLeft scale={y} every={52} x0={left} x1={width - right} />
      <AxisBottom scale={x} every={64} y={height - bottom} />
      {quantity(xId).signed && x(0) > left && (
        <line className="plane-zero" x1={x(0)} x2={x(0)} y1={top} y2={height - bottom} />
      )}
      <text className="axis-title" x={left - 28} y={12}>
        ↑ {axisTitle(yId)} <tspan data-export="no">▾</tspan>
      </text>
      <text className="axis-title" x={width - right} y={height - bottom + 32} textAnchor="end">
        {axisTitle(xId)} → <tspan data-export="no">▾</tspan>
      </text>
      {model.oracle && (
        <line
          className="plane-oracle-line"
          x1={left}
          x2={width - right}
          y1={y(model.oracle.y.mean)}
          y2={y(model.oracle.y.mean)}
        />
      )}
      <g clipPath={`url(#${clip})`}>
        {model.lines.flatMap((line) =>
          line.points.map((point) => (
            <ErrorBars key={point.group.key} point={point} strategy={line.strategy} x={x} y={y} />
          )),
        )}
      </g>
      {model.lines.map((line) => (
        <Line key={line.key} line={line} x={x} y={y} {...{ selected, onSelect, onPoint, xId, yId }} />
      ))}
      {model.trail.length > 0 && (
        <g className="plane-trail" style={{ color: strategyStyle(model.trailStrategy).color }}>
          <path d={`M${model.trail.map((at) => `${x(at.x)},${inside(at.y)}`).join('L')}`} />
          {model.trail.map((at, i) => (
            <circle
              key={at.epoch}
              cx={x(at.x)}
              cy={inside(at.y)}
              r={i === model.trail.length - 1 ? 6 : 2.5}
            />
          ))}
        </g>
      )}
      {model.original && (
        <circle
          className="plane-original"
          cx={x(model.original.x.mean)}
          cy={y(model.original.y.mean)}
          r={5}
        />
      )}
      {model.oracle && (
        <path
          className="plane-oracle"
          d={starPath(10)}
          transform={`translate(${x(model.oracle.x.mean)},${y(model.oracle.y.mean)})`}
        />
      )}
      {labels.map((label) => (
        <text
          key={label.key}
          className="plane-label"
          x={label.box.x}
          y={label.box.y + label.box.height / 2}
          dominantBaseline="central"
          style={{ fill: label.color }}
        >
          {label.text}
        </text>
      ))}
    </svg>
  );
}

interface ErrorBarsProps {
  point: RunPoint;
  strategy: string;
  x: (value: number) => number;
  y: (value: number) => number;
}

/** The t-intervals of a point, behind everything else. */
function ErrorBars({ point, strategy, x, y }: ErrorBarsProps) {
  const [px, py] = [x(point.x.mean), y(point.y.mean)];
  const ends = ({ mean, half }: Interval, scale: (value: number) => number) =>
    half === undefined ? undefined : ([scale(mean - half), scale(mean + half)] as const);
  const [across, along] = [ends(point.x, x), ends(point.y, y)];
  return (
    <g className="plane-bars" style={{ color: strategyStyle(strategy).color }}>
      {across && <line x1={across[0]} x2={across[1]} y1={py} y2={py} />}
      {along && <line x1={px} x2={px} y1={along[0]} y2={along[1]} />}
    </g>
  );
}

interface LineProps {
  line: PlaneLine;
  x: (value: number) => number;
  y: (value: number) => number;
  xId: QuantityId;
  yId: QuantityId;
  selected: string | undefined;
  onSelect: (runId: string) => void;
  onPoint: (point: RunPoint | undefined) => void;
}

function Line({ line, x, y, xId, yId, selected, onSelect, onPoint }: LineProps) {
  const { color, shape } = strategyStyle(line.strategy);
  return (
    <g className="plane-line" style={{ color }}>
      <path d={`M${line.points.map((point) => `${x(point.x.mean)},${y(point.y.mean)}`).join('L')}`} />
      {line.points.map((point) => {
        const [px, py] = [x(point.x.mean), y(point.y.mean)];
        const chosen = point.group.runs.some((run) => run.id === selected);
        const choose = () => onSelect(point.group.runs[0]!.id);
        const alpha = budgetOf(point.group);
        const name = alpha === undefined ? point.group.label : `${point.group.label}, alpha ${alpha}`;
        return (
          // biome-ignore lint/a11y/useSemanticElements: SVG has no button
          <g
            key={point.group.key}
            className="plane-point"
            role="button"
            tabIndex={0}
            aria-pressed={chosen}
            aria-label={`${name}: ${quantity(xId).label} ${estimateText(point.x, quantity(xId))}, ${quantity(yId).label} ${estimateText(point.y, quantity(yId))}, n ${point.y.n}`}
            onClick={choose}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' && event.key !== ' ') return;
              event.preventDefault();
              event.stopPropagation();
              choose();
            }}
            onPointerEnter={() => onPoint(point)}
            onPointerLeave={() => onPoint(undefined)}
            onFocus={() => onPoint(point)}
            onBlur={() => onPoint(undefined)}
          >
            <circle className="plane-hit" cx={px} cy={py} r={11} />
            <path
              className={shape === 'cross' ? 'plane-mark plane-mark-open' : 'plane-mark'}
              data-chosen={chosen || undefined}
              d={markPath(shape, chosen ? 5.5 : 4.2)}
              transform={`translate(${px},${py})`}
            />
          </g>
        );
      })}
    </g>
  );
}
