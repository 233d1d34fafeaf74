import { unitSizes } from '../units';
import { budgetOf, type CutRule } from './budget';
import type { Ranking } from './ranking';

/** The entries of a ranking that a budget selects, from the best on. */
export interface Head {
  /** How many are selected whole. */
  whole: number;
  /** Scalars that are selected of the one after them, counted from its first. */
  part: number;
}

/**
 * The rule by which a budget selects (METHOD section 1.3); every mask on the host, in bytes, in bits or as unit shares, is made from it.
 * Entries are selected from the best on until one does not fit into what is left of floor(alpha*p) scalars. With `exact` that one's
 * leading scalars fill the rest.
 * @returns the head at any alpha. It throws a LetheError when alpha is not a share.
 */
export function headFinder({ layout, granularity, order }: Ranking, rule: CutRule): (alpha: number) => Head {
  // Single weights always fit.
  if (granularity === 'parameter') return (alpha) => ({ whole: budgetOf(layout, alpha), part: 0 });
  const sizes = unitSizes(layout);
  return (alpha) => {
    let left = budgetOf(layout, alpha);
    let whole = 0;
    while (whole < order.length && sizes[order[whole]!]! <= left) left -= sizes[order[whole++]!]!;
    return { whole, part: rule === 'exact' ? left : 0 };
  };
}
