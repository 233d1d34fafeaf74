import { type QuantityId, quantity } from '../../state/quantities';

/** Which part of the gap a quantity tells: its distance to the oracle's value is that part. */
const PART_OF: Partial<Record<QuantityId, string>> = {
  deltaForget: 'forget',
  forgetAccuracy: 'forget',
  deltaMia: 'mia',
  mia: 'mia',
  deltaTest: 'test',
  testAccuracy: 'test',
};

/** Whether both axes tell parts of the gap, different ones: only then a place in the plane has a least gap. */
export function hasRings(x: QuantityId, y: QuantityId): boolean {
  const [a, b] = [PART_OF[x], PART_OF[y]];
  return a !== undefined && b !== undefined && a !== b;
}

/** Whether a step is as long on both axes when it counts as much: both are in percent or in points. */
export function areCommensurable(x: QuantityId, y: QuantityId): boolean {
  return [x, y].every((id) => ['%', 'points'].includes(quantity(id).suffix));
}
