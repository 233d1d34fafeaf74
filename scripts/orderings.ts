import { orderingsReport } from '../src/cli/orderings-report';
import type { StudyResult } from '../src/lab/study/result';

const [BEGIN, END] = ['<!-- begin of what is generated -->', '<!-- end of what is generated -->'];

/** Ids of the recorded studies on the page docs/orderings.md. */
export const RECORDED = ['paper-orderings.json', 'paper-orderings-iid.json'];

/**
 * docs/orderings.md with its tables written anew from these results. The text around the tables is written by hand and kept.
 * @param page the current page
 */
export function orderingsPage(page: string, results: readonly StudyResult[]): string {
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Error(`docs/orderings.md lacks ${BEGIN} or ${END}.`);
  // The page has its own title, so the report's is left out.
  const report = orderingsReport(results).replace(/^# .*\n\n/, '');
  return [before, BEGIN, '\n\n', report, '\n', END, after].join('');
}
