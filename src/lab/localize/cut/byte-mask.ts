import type { Mask } from '../../tensors';
import { maskFromFlat, unitSizes, unitStarts } from '../units';
import { budgetOf, type CutRule, fillBudget } from './budget';
import type { Ranking } from './ranking';

/** The mask of a budget: the best entries that fit into floor(alpha*p) scalars. @throws LetheError when alpha is not a share. */
export function cutRanking({ layout, granularity, order }: Ranking, alpha: number, rule: CutRule): Mask {
  const flat = new Uint8Array(layout.size);
  const budget = budgetOf(layout, alpha);
  if (granularity === 'parameter') for (let i = 0; i < budget; i++) flat[order[i]!] = 1;
  else {
    const starts = unitStarts(layout);
    fillBudget(order, unitSizes(layout), budget, rule, (unit, scalars) => {
      const start = starts[unit]!;
      flat.fill(1, start, start + scalars);
    });
  }
  return maskFromFlat(layout, flat);
}
