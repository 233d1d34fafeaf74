import { type QuantityId, quantity } from '../../state/quantities';
import { estimateText } from '../../state/quantity-text';
import { budgetOf } from '../../state/run-estimates';
import type { RunPoint } from './plane-model';

/** What a point of the plane says, in a line. */
export function PointNumbers({ point, xId, yId }: { point: RunPoint; xId: QuantityId; yId: QuantityId }) {
  const [x, y] = [quantity(xId), quantity(yId)];
  const alpha = budgetOf(point.group);
  return (
    <>
      <strong>
        {point.group.label}
        {alpha !== undefined && `, α ${alpha}`}
      </strong>{' '}
      · {x.label} {estimateText(point.x, x)} · {y.label} {estimateText(point.y, y)} · n = {point.y.n}
    </>
  );
}
