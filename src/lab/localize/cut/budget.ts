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
  checkAlpha(alpha);
  return Math.floor(alpha * size);
}

/** @throws LetheError when alpha is not a share. */
export function checkAlpha(alpha: number): void {
  if (!(alpha >= 0 && alpha <= 1)) throw new LetheError(`Alpha must lie between 0 and 1, not ${alpha}.`);
}
