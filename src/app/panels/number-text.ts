import { fixed, NOTHING, signed } from '../charts/format';
import type { Estimate } from './estimate';
import type { Quantity } from './quantities';

/** `−2.8 ± 5.3`; without the interval where there is one value only. */
export function estimateText(value: Estimate | undefined, { digits, signed: withSign }: Quantity): string {
  if (!value) return NOTHING;
  const mean = (withSign ? signed : fixed)(value.mean, digits);
  return value.half === undefined ? mean : `${mean} ± ${fixed(value.half, digits)}`;
}
