import type { Interval } from '../../../lab/evaluate/student';
import { fixed } from '../../../lab/format';
import { type QuantityId, quantity, quantityTitle } from '../../state/quantities';
import { budgetOf } from '../../state/run-estimates';
import type { Table } from '../../ui/DataTable';
import type { PlaneModel, PlanePoint } from './plane-model';

const text = (value: number | undefined, id: QuantityId) =>
  value === undefined ? undefined : fixed(value, quantity(id).digits);

type Axis = 'x' | 'y';
/** What the axes show, once where they are the same. */
type Axes = ReadonlyMap<QuantityId, Axis>;

function cells({ spread, gap, ...point }: PlanePoint, axes: Axes) {
  const numbers = ({ mean, half, std }: Interval, id: QuantityId) =>
    [mean, half, std].map((value) => text(value, id));
  const correlation = spread && spread.xy / Math.sqrt(spread.xx * spread.yy);
  const known = correlation !== undefined && Number.isFinite(correlation);
  return [
    ...[...axes].flatMap(([id, axis]) => numbers(point[axis], id)),
    known ? fixed(correlation, 2) : undefined,
    ...(axes.has('gap') ? [] : [text(gap?.mean, 'gap')]),
    point.y.n,
  ];
}

/** Every point of the plane with its intervals, what its ellipse is drawn from, and its gap. */
export function planeTable(model: PlaneModel, xId: QuantityId, yId: QuantityId): Table {
  const axes: Axes = new Map([
    [xId, 'x'],
    [yId, 'y'],
  ]);
  const rows = model.lines.flatMap((line) =>
    line.points.map((point) => [line.label, budgetOf(point.group), ...cells(point, axes)]),
  );
  if (model.original) rows.unshift(['original', undefined, ...cells(model.original, axes)]);
  if (model.oracle) rows.unshift(['oracle', undefined, ...cells(model.oracle, axes)]);
  return {
    caption: `${quantity(yId).label} against ${quantity(xId).label}`,
    columns: [
      { label: 'run', align: 'left' },
      { label: 'α' },
      ...[...axes.keys()]
        .map(quantityTitle)
        .flatMap((axis) => [{ label: axis }, { label: `± ${axis}` }, { label: `std ${axis}` }]),
      { label: 'correlation' },
      ...(axes.has('gap') ? [] : [{ label: quantityTitle('gap') }]),
      { label: 'n' },
    ],
    rows,
  };
}
