import { meanText } from '../../lab/format';
import type { Estimate } from './estimate';
import type { Quantity } from './quantities';

/** `−2.8 ± 5.3`; without the interval where there is one value only. */
export function estimateText(value: Estimate | undefined, { digits, signed }: Quantity): string {
  return meanText(value, digits, signed);
}
