import type { Measured } from '../run-case';
import type { HostCost } from '../without-device';

/** What the bench of one network leaves: first the captured steps, then one contestant after the other. */
export interface NetworkFound {
  result: Measured & Partial<HostCost>;
}
