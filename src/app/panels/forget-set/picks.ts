import type { Study } from '../../../lab/study/study';

type Forget = Study['forget'];

/** What a pick in the grid replaced, and the indices that it made. */
export interface Pick {
  before: Forget;
  made: readonly number[];
}

/** Picks that can be taken back. */
const DEPTH = 50;

/** The picks with one more. */
export function withPick(picks: readonly Pick[], before: Forget, made: readonly number[]): Pick[] {
  return [...picks, { before, made }].slice(-DEPTH);
}

/** The pick that `now` is the outcome of; undefined where something else has set the forget set since: another study, say. */
export function lastPick(picks: readonly Pick[], now: Forget): Pick | undefined {
  const last = picks.at(-1);
  return last && now.settings.indices === last.made ? last : undefined;
}
