import { orderingsReport } from '../src/cli/report/orderings';
import type { StudyResult } from '../src/lab/study/result';

const [BEGIN, END] = ['<!-- begin of what is generated -->', '<!-- end of what is generated -->'];

/** The recorded results that it is about. */
export const RECORDED = ['paper-orderings.json', 'paper-orderings-iid.json'];

/**
 * docs/orderings.md with the tables of these results; what stands around them is written by hand.
 * @param page as it is
 */
export function orderingsPage(page: string, results: readonly StudyResult[]): string {
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Error(`docs/orderings.md lacks ${BEGIN} or ${END}.`);
  // The report's own title gives way to the page's.
  const report = orderingsReport(results).replace(/^# .*\n\n/, '');
  return [before, BEGIN, '\n\n', report, '\n', END, after].join('');
}
