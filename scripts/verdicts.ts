import { verdictOfResult } from '../src/lab/results/verdict/verdict';
import type { StudyResult } from '../src/lab/study/result';

const [BEGIN, END] = ['<!-- begin of what is generated -->', '<!-- end of what is generated -->'];

/**
 * docs/verdicts.md, or another page, with the verdicts of these results written anew between its marks. The text around them is written by hand
 * and kept. @param page the current page
 */
export function verdictsPage(page: string, results: readonly StudyResult[]): string {
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Error(`The page lacks ${BEGIN} or ${END}.`);
  const said = results.map((result) => `**${result.study.name}**: ${verdictOfResult(result)}`);
  return [before, BEGIN, '\n\n', said.join('\n\n'), '\n\n', END, after].join('');
}
