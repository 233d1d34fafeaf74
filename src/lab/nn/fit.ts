import { LetheError } from '../settings';
import type { ModelSpec } from './spec';

/** What means nothing for some networks. */
export interface FitsNetwork {
  /** Why it means nothing for a network, one sentence; `undefined` where it does. Absent: it fits any. */
  unfit?(spec: ModelSpec): string | undefined;
}

/** @throws LetheError when an entry means nothing for a network. */
export function checkFit(entry: FitsNetwork, spec: ModelSpec): void {
  const problem = entry.unfit?.(spec);
  if (problem) throw new LetheError(problem);
}
