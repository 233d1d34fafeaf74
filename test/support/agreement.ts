import { appendFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { Agreement } from '../../scripts/agreement';
import { deviation } from './golden';
import './tolerance';

type Values = Record<string, { data: ArrayLike<number> }>;

/** Notes how near a result came, one JSON line each, for docs/agreement.md. */
export function noteAgreement(entry: Agreement): void {
  if (process.env.LETHE_AGREEMENT) appendFileSync(process.env.LETHE_AGREEMENT, `${JSON.stringify(entry)}\n`);
}

/** Within the tolerance of a golden case for a group of its results, and noted. @param spec the case's */
export function expectAgreement(
  // biome-ignore lint/suspicious/noExplicitAny: each case has its own spec; its README describes them.
  { spec }: { spec: any },
  group: string,
  actual: Values,
  expected: Values,
): void {
  const { tensor, overall, worst } = deviation(actual, expected);
  const tolerance = spec.tolerance[group];
  noteAgreement({
    case: spec.case,
    group,
    error: { tensor, overall },
    noise: spec.float32_noise[group],
    tolerance,
  });
  expect({ tensor, overall, worst }, `${spec.case} ${group}`).toBeWithin(tolerance);
}
