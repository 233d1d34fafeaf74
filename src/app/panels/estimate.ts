import { type Interval, studentInterval } from '../../lab/evaluate/student';

/** Mean over seeds with its 95 % Student-t interval; `half` is absent for one value. */
export type Estimate = Pick<Interval, 'mean' | 'n' | 'half'>;

/** @returns undefined without values: what is not known yet is left out. */
export function estimate(values: readonly (number | undefined)[]): Estimate | undefined {
  const known = values.filter((value): value is number => value !== undefined && Number.isFinite(value));
  return known.length > 0 ? studentInterval(known) : undefined;
}
