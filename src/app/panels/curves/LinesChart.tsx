import { type KeyboardEvent, type PointerEvent, type Ref, useState } from 'react';
import { AxisBottom, AxisLeft } from '../../charts/Axes';
import { pixelScale } from '../../charts/domain';
import { spread } from '../../charts/place-labels';
import { textSize, textWidth } from '../../charts/text-width';
import type { Size } from '../../ui/use-size';
import type { CurveKind, CurvesModel } from './curves-model';

interface LinesChartProps {
  ref: Ref<SVGSVGElement>;
  model: CurvesModel;
  size: Size;
  kind: CurveKind;
  /** The epoch under the pointer or cursor. */
  onEpoch: (epoch: number | undefined) => void;
}

/** Lines with their names at their ends. Arrow keys walk the epochs. */
export function LinesChart({ ref, model, size, kind, onEpoch }: LinesChartProps) {
  const [cursor, setCursor] = useState<number>();
  const { width, height } = size;
  const names = [
    ...model.curves.map((curve) => curve.id),
    ...(model.oracleForget === undefined ? [] : ['oracle forget']),
  ];
  const label = textSize('s');
  const right = Math.max(...names.map((name) => textWidth(name, label))) + 14;
  const left = 34;
  const top = 8;
  const bottom = 22;
  const x = pixelScale([0, model.epochs], left, width - right);
  const y = pixelScale(model.domain, height - bottom, top);

  const ends = model.curves.map((curve) => ({
    key: curve.id as string,
    text: curve.id as string,
    color: curve.color,
    y: y(curve.points.at(-1)!.value),
  }));
  if (model.oracleForget !== undefined)
    ends.push({ key: 'oracle', text: 'oracle forget', color: 'var(--oracle)', y: y(model.oracleForget) });
  const labelY = spread(
    ends.map((end) => end.y),
    label + 2,
    top,
    height - bottom,
  );
  const endX = x(model.curves[0]!.points.at(-1)!.epoch);

  const show = (epoch: number | undefined) => {
    setCursor(epoch);
    onEpoch(epoch);
  };
  const point = (event: PointerEvent<SVGSVGElement>) => {
    const corner = event.currentTarget.getBoundingClientRect();
    const epoch = Math.round(x.invert(event.clientX - corner.left));
    show(Math.max(0, Math.min(model.epochs, epoch)));
  };
  const press = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    show(Math.max(0, Math.min(model.epochs, (cursor ?? -1) + step)));
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: an SVG that arrow keys walk is a group, not a picture
    <svg
      ref={ref}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="group"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys walk the epochs
      tabIndex={0}
      aria-label={`${kind === 'loss' ? 'Loss' : 'Accuracy in percent'} by epoch; arrow keys read the values`}
      onPointerMove={point}
      onPointerLeave={() => show(undefined)}
      onBlur={() => show(undefined)}
      onKeyDown={press}
    >
      <AxisLeft scale={y} every={34} x0={left} x1={width - right} />
      <AxisBottom
        scale={x}
        every={70}
        y={height - bottom}
        format={(value) => (Number.isInteger(value) ? String(value) : '')}
      />
      <text className="axis-title" x={width - right + 14} y={height - bottom + 15}>
        epoch
      </text>
      {cursor !== undefined && (
        <line
          className="curve-cursor"
          x1={x(cursor)}
          x2={x(cursor)}
          y1={top}
          y2={height - bottom}
          data-export="no"
        />
      )}
      {model.oracleForget !== undefined && (
        <line
          className="curve-oracle"
          x1={left}
          x2={width - right}
          y1={y(model.oracleForget)}
          y2={y(model.oracleForget)}
        />
      )}
      {model.curves.map((curve) => (
        <g key={curve.id} className="curve" style={{ color: curve.color }}>
          <path d={`M${curve.points.map((at) => `${x(at.epoch)},${y(at.value)}`).join('L')}`} />
          {curve.points.map((at) =>
            at.epoch === cursor || curve.points.length === 1 ? (
              <circle key={at.epoch} cx={x(at.epoch)} cy={y(at.value)} r={3.5} />
            ) : null,
          )}
        </g>
      ))}
      {ends.map((end, i) => (
        <text
          key={end.key}
          className="curve-label"
          x={(end.key === 'oracle' ? width - right : endX) + 8}
          y={labelY[i]}
          dominantBaseline="central"
          style={{ fill: end.color }}
        >
          {end.text}
        </text>
      ))}
    </svg>
  );
}
