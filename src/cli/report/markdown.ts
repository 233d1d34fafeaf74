import type { StudyResult } from '../../lab/study/result';
import { factsOf, NOTES } from './facts';
import { reportTable } from './table';

/** The report as Markdown, one section per result. */
export function markdownReport(results: readonly StudyResult[]): string {
  const sections = results.map((result) => {
    const { headings, rows } = reportTable(result);
    const lines = rows.map(({ method, strategy, alpha, n, cells }) =>
      line([
        method,
        strategy,
        alpha,
        String(n),
        ...cells.map(({ text, best }) => (best ? `**${text}**` : text)),
      ]),
    );
    const rule = `|${headings.map((_, i) => (i < 2 ? '---' : '---:')).join('|')}|`;
    return [
      `## ${plain(result.study.name)}`,
      '',
      ...(result.study.note ? [plain(result.study.note), ''] : []),
      ...factsOf(result).map(([term, text]) => `- ${term}: ${plain(text)}`),
      '',
      line(headings),
      rule,
      ...lines,
      '',
    ].join('\n');
  });
  return ['# Unlearning results', '', ...sections, ...NOTES.map((note) => `${note}\n`)].join('\n');
}

const line = (cells: string[]) => `| ${cells.map(plain).join(' | ')} |`;

/** Text of a study must not become a table's bar, a tag or a line of its own. */
function plain(text: string): string {
  return text.replaceAll(/[|<>\\]/g, (character) => `\\${character}`).replaceAll(/\s+/g, ' ');
}
