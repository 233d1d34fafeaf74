import type { Interval } from '../../../lab/evaluate/student';
import { fixed } from '../../../lab/format';
import { type QuantityId, quantity, quantityTitle } from '../../state/quantities';
import { budgetOf } from '../../state/run-estimates';
import type { Table } from '../../ui/DataTable';
import type { PlaneModel, PlanePoint } from './plane-model';

const text = (value: number | undefined, id: QuantityId) =>
  value === undefined ? undefined : fixed(value, quantity(id).digits);

/** The two axes, once where they are the same. */
const axesOf = (xId: QuantityId, yId: QuantityId) => [...new Set([xId, yId])];

function cells({ x, y, spread, gap }: PlanePoint, xId: QuantityId, yId: QuantityId) {
  const numbers = ({ mean, half, std }: Interval, id: QuantityId) =>
    [mean, half, std].map((value) => text(value, id));
  const correlation = spread && spread.xy / Math.sqrt(spread.xx * spread.yy);
  const known = correlation !== undefined && Number.isFinite(correlation);
  return [
    ...axesOf(xId, yId).flatMap((id) => numbers(id === xId ? x : y, id)),
    known ? fixed(correlation, 2) : undefined,
    ...(axesOf(xId, yId).includes('gap') ? [] : [text(gap?.mean, 'gap')]),
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
  const axes = axesOf(xId, yId);
  return {
    caption: `${quantity(yId).label} against ${quantity(xId).label}`,
    columns: [
      { label: 'run', align: 'left' },
      { label: 'α' },
      ...axes
        .map(quantityTitle)
        .flatMap((axis) => [{ label: axis }, { label: `± ${axis}` }, { label: `std ${axis}` }]),
      { label: 'correlation' },
      ...(axes.includes('gap') ? [] : [{ label: quantityTitle('gap') }]),
      { label: 'n' },
    ],
    rows,
  };
}
