import type { Interval } from '../../../lab/evaluate/student';
import { type QuantityId, quantity } from '../../state/quantities';
import { budgetOf } from '../../state/run-estimates';
import type { Table } from '../../ui/DataTable';
import { TERMS } from '../../ui/terms';
import type { PlaneModel, PlanePoint } from './plane-model';

function cells({ x, y, spread, gap }: PlanePoint, xId: QuantityId, yId: QuantityId) {
  const numbers = ({ mean, half, std }: Interval, id: QuantityId) => {
    const { digits } = quantity(id);
    return [mean, half, std].map((value) => value?.toFixed(digits));
  };
  const correlation = spread && spread.xy / Math.sqrt(spread.xx * spread.yy);
  const known = correlation !== undefined && Number.isFinite(correlation);
  return [
    ...numbers(x, xId),
    ...numbers(y, yId),
    known ? correlation.toFixed(2) : undefined,
    gap?.mean.toFixed(quantity('gap').digits),
    y.n,
  ];
}

/** Every point of the plane with its intervals, what its ellipse is drawn from, and its gap. */
export function planeTable(model: PlaneModel, xId: QuantityId, yId: QuantityId): Table {
  const rows = model.lines.flatMap((line) =>
    line.points.map((point) => [line.label, budgetOf(point.group), ...cells(point, xId, yId)]),
  );
  if (model.original) rows.unshift(['original', undefined, ...cells(model.original, xId, yId)]);
  if (model.oracle) rows.unshift(['oracle', undefined, ...cells(model.oracle, xId, yId)]);
  const [x, y] = [TERMS[quantity(xId).term].label, TERMS[quantity(yId).term].label];
  return {
    caption: `${quantity(yId).label} against ${quantity(xId).label}`,
    columns: [
      { label: 'run', align: 'left' },
      { label: 'α' },
      ...[x, y].flatMap((axis) => [{ label: axis }, { label: `± ${axis}` }, { label: `std ${axis}` }]),
      { label: 'correlation' },
      { label: TERMS.gap.label },
      { label: 'n' },
    ],
    rows,
  };
}
