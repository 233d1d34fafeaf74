import { type ChoiceSetting, LetheError } from '../../settings';
import type { UnitLayout } from '../units';

/** What happens to the first channel that the budget does not hold whole: it ends the mask, or is selected in part. */
export type CutRule = 'exact' | 'whole-channel';

export const cutSetting: ChoiceSetting = {
  kind: 'choice',
  name: 'cut',
  label: 'Cut',
  help: 'Whether the last channel may be selected in part so that the budget is met exactly.',
  source: 'whole channels: ‖m‖₁ ≤ α·p (paper); exact: official code',
  default: 'whole-channel',
  options: [
    {
      value: 'whole-channel',
      label: 'whole channels',
      help: 'Stops at the first channel that does not fit.',
    },
    { value: 'exact', label: 'exact', help: 'Selects exactly floor(α·p) weights.' },
  ],
};

/** Budget floor(alpha*p) in scalars. @throws LetheError when alpha is not a share. */
export function budgetOf({ size }: Pick<UnitLayout, 'size'>, alpha: number): number {
  if (!(alpha >= 0 && alpha <= 1)) throw new LetheError(`Alpha must lie between 0 and 1, not ${alpha}.`);
  return Math.floor(alpha * size);
}

/**
 * The rule by which a budget selects ranked channels (METHOD section 1.3), stated here and nowhere else: from the best on, each takes
 * its scalars from the budget. The first one that does not fit ends the walk, with `exact` after its leading scalars were selected.
 *
 * Ranked single weights need no walk: the first `budget` of the order are selected.
 * @param order units, best first. @param sizes scalars of every unit, by its number. @param budget in scalars.
 * @param select is told each selected unit and how many of its scalars, counted from its first.
 */
export function fillBudget(
  order: Uint32Array,
  sizes: Uint32Array,
  budget: number,
  rule: CutRule,
  select: (unit: number, scalars: number) => void,
): void {
  let left = budget;
  for (let i = 0; i < order.length && left > 0; i++) {
    const unit = order[i]!;
    const size = sizes[unit]!;
    if (size > left && rule === 'whole-channel') return;
    select(unit, Math.min(size, left));
    left -= size;
  }
}
