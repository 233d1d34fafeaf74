import type { Interval } from '../../lab/evaluate/student';
import { fixed, meanText } from '../../lab/format';
import type { Quantity } from './quantities';

/** `−2.8 ± 5.3`; without the interval where there is one value only. */
export function estimateText(value: Interval | undefined, { digits, signed }: Quantity): string {
  return meanText(value, digits, signed);
}

/** All that is known of the repeats: `−2.8 ± 5.3, standard deviation 2.1, n = 3`. */
export function spreadText(value: Interval, quantity: Quantity): string {
  const std = value.std === undefined ? '' : `, standard deviation ${fixed(value.std, quantity.digits)}`;
  return `${estimateText(value, quantity)}${std}, n = ${value.n}`;
}
