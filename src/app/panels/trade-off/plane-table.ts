import type { Interval } from '../../../lab/evaluate/student';
import { type QuantityId, quantity } from '../../state/quantities';
import { budgetOf } from '../../state/run-estimates';
import type { Table } from '../../ui/DataTable';
import { TERMS } from '../../ui/terms';
import type { PlaneModel, PlanePoint } from './plane-model';

function cells({ x, y }: PlanePoint, xId: QuantityId, yId: QuantityId) {
  const numbers = ({ mean, half }: Interval, id: QuantityId) => {
    const { digits } = quantity(id);
    return [mean.toFixed(digits), half?.toFixed(digits)];
  };
  return [...numbers(x, xId), ...numbers(y, yId), y.n];
}

/** Every point of the plane with its intervals. */
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
      { label: x },
      { label: `± ${x}` },
      { label: y },
      { label: `± ${y}` },
      { label: 'n' },
    ],
    rows,
  };
}
