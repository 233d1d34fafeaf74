import { printable } from '../../printable';
import { factsOf, NOTES } from './facts';
import type { Reported, ReportOptions } from './reported';
import { ownCount, reportTable } from './table';

/** The report as Markdown, one section per result. */
export function markdownReport(results: readonly Reported[], options: ReportOptions = {}): string {
  const sections = results.map((result) =>
    [...sectionHead(result, options), ...runsTable(result, options), ''].join('\n'),
  );
  return ['# Unlearning results', '', ...sections, ...NOTES.map((note) => `${note}\n`)].join('\n');
}

/** The lines that open a result's section: its name, its note and how it came about. */
export function sectionHead(result: Reported, options: ReportOptions = {}): string[] {
  return [
    `## ${plain(result.study.name)}`,
    '',
    ...(result.study.note ? [plain(result.study.note), ''] : []),
    ...factsOf(result, options).map(([term, text]) => `- ${term}: ${plain(text)}`),
    '',
  ];
}

/** The lines of the table of all runs. */
export function runsTable(result: Reported, options: ReportOptions = {}): string[] {
  const { headings, rows } = reportTable(result, options);
  const cells = rows.map(({ method, strategy, alpha, n, cells: values }) => [
    method,
    strategy,
    alpha,
    String(n),
    ...values.map((cell) => (cell.best ? `**${cell.text}**` : cell.text) + ownCount(cell)),
  ]);
  return markdownTable(headings, cells, 2);
}

/** The lines of a table. @param left how many columns hold words; the others are numbers, aligned right */
export function markdownTable(headings: string[], rows: string[][], left: number): string[] {
  const rule = `|${headings.map((_, i) => (i < left ? '---' : '---:')).join('|')}|`;
  return [line(headings), rule, ...rows.map(line)];
}

const line = (cells: string[]) => `| ${cells.map(plain).join(' | ')} |`;

/** Text of a study must not become a table's bar, a tag or a line of its own. */
function plain(text: string): string {
  return printable(text)
    .replaceAll(/[|<>\\]/g, (character) => `\\${character}`)
    .replaceAll(/\s+/g, ' ');
}
