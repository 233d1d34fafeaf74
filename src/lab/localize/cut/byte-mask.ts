import type { Mask } from '../../tensors';
import { maskFromFlat, unitStarts } from '../units';
import type { CutRule } from './budget';
import { headFinder } from './head';
import type { Ranking } from './ranking';

/** The mask of a budget: the best entries that fit into floor(alpha*p) scalars. @throws LetheError when alpha is not a share. */
export function cutRanking(ranking: Ranking, alpha: number, rule: CutRule): Mask {
  const { layout, granularity, order } = ranking;
  const { whole, part } = headFinder(ranking, rule)(alpha);
  const flat = new Uint8Array(layout.size);
  if (granularity === 'parameter') for (let i = 0; i < whole; i++) flat[order[i]!] = 1;
  else {
    const starts = unitStarts(layout);
    for (let i = 0; i < whole; i++) flat.fill(1, starts[order[i]!]!, starts[order[i]! + 1]!);
    if (part > 0) flat.fill(1, starts[order[whole]!]!, starts[order[whole]!]! + part);
  }
  return maskFromFlat(layout, flat);
}
