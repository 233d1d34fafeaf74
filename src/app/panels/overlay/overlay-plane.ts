import { paddedDomain, within } from '../../charts/domain';
import { type QuantityId, quantity } from '../../state/quantities';
import { estimateOf } from '../../state/run-estimates';
import type { PlaneLine, PlaneModel } from '../trade-off/plane-model';
import { type Overlaid, overlaidGroups } from './overlaid';

/**
 * The planes of several studies in one. Each study has an oracle and an original of its own, so these are points like the runs, and the plane
 * has no star or level that would speak for all.
 */
export function overlayPlane(studies: readonly Overlaid[], xId: QuantityId, yId: QuantityId): PlaneModel {
  const lines = new Map<string, PlaneLine>();
  for (const { role, short, group } of studies.flatMap(overlaidGroups)) {
    const [x, y] = [estimateOf(group.runs, xId), estimateOf(group.runs, yId)];
    if (!x || !y) continue;
    const strategy = role === 'run' ? group.strategy : role;
    const line = lines.get(group.line) ?? { key: group.line, label: short, strategy, points: [] };
    line.points.push({ x, y, group });
    lines.set(group.line, line);
  }
  for (const { points } of lines.values()) points.sort((a, b) => a.group.alpha - b.group.alpha);
  const all = [...lines.values()].flatMap(({ points }) => points);
  const domain = (id: QuantityId, values: number[]): [number, number] => {
    const padded = paddedDomain(values, 0.07, 2);
    const { limits } = quantity(id);
    return limits ? within(padded, limits, 1) : padded;
  };
  return {
    lines: [...lines.values()],
    trail: [],
    trailStrategy: '',
    xDomain: domain(
      xId,
      all.map(({ x }) => x.mean),
    ),
    yDomain: domain(
      yId,
      all.map(({ y }) => y.mean),
    ),
  };
}
