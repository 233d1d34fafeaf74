import { useXAxisScale, useYAxisScale } from 'recharts';
import { markPath, strategyStyle } from '../../charts/strategy-style';
import { type QuantityId, quantity } from '../../state/quantities';
import { estimateText } from '../../state/quantity-text';
import { budgetOf } from '../../state/run-estimates';
import type { PlaneLine, RunPoint } from './plane-model';
import type { PlaneZoom } from './use-plane-zoom';

interface Reading {
  xId: QuantityId;
  yId: QuantityId;
  /** The run that the other panes show. */
  selected: string | undefined;
  onSelect: (runId: string) => void;
  /** A point was pressed twice. */
  onOpen?: () => void;
  /** The point under the pointer or in focus. */
  onPoint: (point: RunPoint | undefined) => void;
  zoom: Pick<PlaneZoom, 'step' | 'toWhole'>;
}

/**
 * The points of all lines, one button each. recharts knows a point by its place and makes another when it moves, which would take the focus
 * from a reader while a study runs; these are known by their runs.
 */
export function PlanePoints({ lines, ...reading }: Reading & { lines: readonly PlaneLine[] }) {
  const [x, y] = [useXAxisScale(), useYAxisScale()];
  if (!x || !y) return null;
  return lines.flatMap(({ strategy, points }) =>
    points.map((point) => {
      const [cx, cy] = [x(point.x.mean) ?? 0, y(point.y.mean) ?? 0];
      return <PlanePoint key={point.group.key} {...reading} {...{ cx, cy, point, strategy }} />;
    }),
  );
}

interface PlanePointProps extends Reading {
  cx: number;
  cy: number;
  point: RunPoint;
  strategy: string;
}

/** A point that says its numbers when it is pointed at or has the focus, and selects its run. */
function PlanePoint(props: PlanePointProps) {
  const { cx, cy, point, strategy, xId, yId, selected, onSelect, onOpen, onPoint, zoom } = props;
  const { color, shape } = strategyStyle(strategy);
  const [x, y] = [quantity(xId), quantity(yId)];
  const chosen = point.group.runs.some((run) => run.id === selected);
  const choose = () => onSelect(point.group.runs[0]!.id);
  const alpha = budgetOf(point.group);
  const name = alpha === undefined ? point.group.label : `${point.group.label}, alpha ${alpha}`;
  return (
    // biome-ignore lint/a11y/useSemanticElements: SVG has no button
    <g
      className="plane-point"
      style={{ color }}
      role="button"
      tabIndex={0}
      aria-pressed={chosen}
      aria-keyshortcuts="+ - 0"
      aria-label={`${name}: ${x.label} ${estimateText(point.x, x)}, ${y.label} ${estimateText(point.y, y)}, n ${point.y.n}`}
      onClick={choose}
      onDoubleClick={onOpen}
      onKeyDown={(event) => {
        const at = { x: point.x.mean, y: point.y.mean };
        const act: Record<string, () => void> = {
          Enter: choose,
          ' ': choose,
          '+': () => zoom.step('in', at),
          '=': () => zoom.step('in', at),
          '-': () => zoom.step('out', at),
          '0': zoom.toWhole,
        };
        if (!act[event.key] || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        event.stopPropagation();
        act[event.key]!();
      }}
      onPointerEnter={() => onPoint(point)}
      onPointerLeave={() => onPoint(undefined)}
      onFocus={() => onPoint(point)}
      onBlur={() => onPoint(undefined)}
    >
      <circle className="plane-hit" cx={cx} cy={cy} r={11} />
      <path
        className={shape === 'cross' ? 'plane-mark plane-mark-open' : 'plane-mark'}
        data-chosen={chosen || undefined}
        d={markPath(shape, chosen ? 5.5 : 4.2)}
        transform={`translate(${cx},${cy})`}
      />
    </g>
  );
}
