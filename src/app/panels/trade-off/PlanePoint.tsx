import { markPath, strategyStyle } from '../../charts/strategy-style';
import { estimateText } from '../number-text';
import { type QuantityId, quantity } from '../quantities';
import { budgetOf } from '../run-groups';
import type { RunPoint } from './plane-model';

interface PlanePointProps {
  cx: number;
  cy: number;
  point: RunPoint;
  strategy: string;
  xId: QuantityId;
  yId: QuantityId;
  chosen: boolean;
  onSelect: (runId: string) => void;
  onPoint: (point: RunPoint | undefined) => void;
}

/** A point that says its numbers when it is pointed at or has the focus, and selects its run. */
export function PlanePoint(props: PlanePointProps) {
  const { cx, cy, point, strategy, xId, yId, chosen, onSelect, onPoint } = props;
  const { color, shape } = strategyStyle(strategy);
  const [x, y] = [quantity(xId), quantity(yId)];
  const choose = () => onSelect(point.group.runs[0]!.id);
  const alpha = budgetOf(point.group);
  const name = alpha === undefined ? point.group.label : `${point.group.label}, alpha ${alpha}`;
  return (
    // biome-ignore lint/a11y/useSemanticElements: SVG has no button
    <g
      className="plane-point"
      color={color}
      role="button"
      tabIndex={0}
      aria-pressed={chosen}
      aria-label={`${name}: ${x.label} ${estimateText(point.x, x)}, ${y.label} ${estimateText(point.y, y)}, n ${point.y.n}`}
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
