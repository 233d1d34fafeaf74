import { table } from './methods';

/** How near one group of a golden case's results came, as `test/support/agreement.ts` notes it. */
export interface Agreement {
  case: string;
  group: string;
  /** `tensor` and `overall` as the golden README defines them, or the largest absolute difference. */
  error: Nearness;
  noise?: Nearness;
  tolerance: Nearness;
}
export type Nearness = { tensor: number; overall: number } | { absolute: number };

/**
 * docs/agreement.md.
 * @param noted may name a group more than once: the worst counts
 * @param device what the tests ran on
 */
export function agreementPage(noted: Agreement[], device: string): string {
  const groups = new Map<string, Agreement>();
  for (const entry of noted) {
    const key = `${entry.case} ${entry.group}`;
    const known = groups.get(key);
    if (!known || shareOf(entry) > shareOf(known)) groups.set(key, entry);
  }
  const worst = [...groups.values()];
  const names = [...new Set(worst.map((entry) => entry.case))].sort();
  return `${[
    '# Agreement with PyTorch',
    `Written by \`npm run docs agreement\` from the tests' own numbers; this run was on: ${device}. What the cases are and how errors are measured: [test/golden/README.md](../test/golden/README.md) and [test/golden-extra/README.md](../test/golden-extra/README.md).`,
    '`error` is how far Lethe is from PyTorch, `noise` how far PyTorch in float32 is from itself in float64, both as *worst tensor / all tensors together* (for `metrics` and `compare-…`: largest absolute difference). `used` is the share of the tolerance that the error takes.',
    ...names.flatMap((name) => [
      `## ${name}`,
      table(
        ['group', 'error', 'noise', 'tolerance', 'used'],
        worst
          .filter((entry) => entry.case === name)
          .sort((a, b) => (a.group < b.group ? -1 : 1))
          .map((entry) => [
            entry.group,
            written(entry.error),
            entry.noise ? written(entry.noise) : '',
            written(entry.tolerance),
            `${(100 * shareOf(entry)).toFixed(1)} %`,
          ]),
      ),
    ]),
  ].join('\n\n')}\n`;
}

function shareOf({ error, tolerance }: Agreement): number {
  const share = (one: number, most: number) => (one === 0 ? 0 : one / most);
  if ('absolute' in error) return share(error.absolute, (tolerance as { absolute: number }).absolute);
  const most = tolerance as { tensor: number; overall: number };
  return Math.max(share(error.tensor, most.tensor), share(error.overall, most.overall));
}

const short = (value: number) => (value === 0 ? '0' : value.toExponential(1));
const written = (near: Nearness) =>
  'absolute' in near ? short(near.absolute) : `${short(near.tensor)} / ${short(near.overall)}`;
