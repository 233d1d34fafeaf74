import { NOTHING } from '../../format';
import { LETHE_VERSION, versionText } from '../../version';
import { PAPER_COLUMNS, type ReportColumn } from './columns';
import { dataText, deviceText, networkText, ruleText } from './facts';
import { latexText, otherScripts } from './latex-text';
import { printedLink, type Reported, type ReportOptions } from './reported';
import { type ReportCell, type ReportRow, type ReportTable, reportTable } from './table';

/** Floating tables for a paper, one per result, in the style of booktabs. */
export function latexReport(results: readonly Reported[], options: ReportOptions = {}): string {
  const tables = results.map((result, at) => latexTable(result, at, options));
  const text = tables.join('\n');
  const others = otherScripts(text);
  return [
    `% Written by Lethe ${LETHE_VERSION}. The preamble needs:`,
    '%   \\usepackage{booktabs}',
    ...(text.includes('\\urldef') ? ['%   \\usepackage{url}   % or hyperref'] : []),
    ...(others.length > 0
      ? [
          `% pdfLaTeX has no letters for ${others.join(' ')}: use XeLaTeX or LuaLaTeX with a font that has them.`,
        ]
      : []),
    '% lethe.bib, the references in BibTeX, names the papers of the methods and strategies.',
    '',
    text,
  ].join('\n');
}

/** @param at which of several it is: macros and labels must differ */
function latexTable(result: Reported, at: number, options: ReportOptions): string {
  const table = reportTable(result, { columns: PAPER_COLUMNS, ...options });
  const link = printedLink(result.study, options);
  // Names of macros are letters only.
  const macro = `\\lethestudy${String.fromCharCode(97 + (at % 26)).repeat(1 + Math.floor(at / 26))}`;
  const shapes = table.columns.map((_, column) => shapeOf(table.rows.map(({ cells }) => cells[column]!)));
  const sameN = new Set(table.rows.map(({ n }) => n)).size === 1;
  const spec = `@{}llr${sameN ? '' : 'r'}${shapes.map(({ halves }) => (halves === undefined ? 'r' : 'r@{}l')).join('')}@{}`;
  const head = [
    'Method',
    'Localization',
    '$\\alpha$',
    ...(sameN ? [] : ['$n$']),
    ...table.columns.map(headingOf(shapes)),
  ];
  return [
    // In an argument of \caption the # of a link would be one of TeX's own.
    ...(link ? [`\\urldef${macro}\\url{${urlText(link)}}`] : []),
    '\\begin{table*}',
    '  \\centering',
    '  \\setlength{\\belowcaptionskip}{6pt}',
    `  \\caption{${captionOf(result, table, link && `${macro}{}`)}}`,
    `  \\label{tab:lethe-${slugOf(result.study.name, at)}}`,
    '  \\footnotesize',
    '  \\setlength{\\tabcolsep}{3pt}',
    `  \\begin{tabular}{${spec}}`,
    '    \\toprule',
    `    ${head.join(' & ')} \\\\`,
    '    \\midrule',
    ...table.rows.flatMap((row, i) => [
      ...ruleBefore(row, table.rows[i - 1]),
      `    ${rowOf(row, table.rows[i - 1], shapes, sameN)} \\\\`,
    ]),
    '    \\bottomrule',
    '  \\end{tabular}',
    '\\end{table*}',
    '',
  ].join('\n');
}

/** How the numbers of a column are lined up at their points. */
interface Shape {
  /** Digits before the point of the widest half interval; undefined where no row has an interval. */
  halves: number | undefined;
}

function shapeOf(cells: readonly ReportCell[]): Shape {
  const known = cells.flatMap((cell) => partsOf(cell).half ?? []);
  return { halves: known.length > 0 ? Math.max(...known.map(wholeDigits)) : undefined };
}

/** A cell's mean and half interval as TeX's mathematics has numbers. */
function partsOf({ text }: ReportCell): { mean: string; half?: string } {
  const [mean = '', half] = text.replaceAll('−', '-').split(' ± ');
  return { mean, half };
}

const wholeDigits = (half: string) => half.split('.')[0]!.length;

const headingOf = (shapes: readonly Shape[]) => (column: ReportColumn, at: number) => {
  const text = latexText(column.heading);
  return shapes[at]!.halves === undefined ? text : `\\multicolumn{2}{c}{${text}}`;
};

/** A line below the references, some room between methods. */
function ruleBefore(row: ReportRow, before: ReportRow | undefined): string[] {
  if (!before || row.kind !== 'run') return [];
  if (before.kind !== 'run') return ['    \\midrule'];
  return before.method === row.method ? [] : ['    \\addlinespace'];
}

/** @param before the row above, whose method is not written again @param sameN n stands in the caption */
function rowOf(
  row: ReportRow,
  before: ReportRow | undefined,
  shapes: readonly Shape[],
  sameN: boolean,
): string {
  const { method, strategy, alpha, n, cells } = row;
  const words = [before?.method === method ? '' : latexText(method), latexText(strategy), alpha];
  const numbers = cells.map((cell, at) => numberOf(cell, shapes[at]!));
  return [...words, ...(sameN ? [] : [String(n)]), ...numbers].join(' & ');
}

function numberOf(cell: ReportCell, { halves }: Shape): string {
  if (cell.text === NOTHING) return halves === undefined ? '--' : '\\multicolumn{2}{c}{--}';
  const { mean, half } = partsOf(cell);
  const value = cell.best ? `$\\mathbf{${mean}}$` : `$${mean}$`;
  const count = cell.n === undefined ? '' : ` ($n = ${cell.n}$)`;
  if (halves === undefined) return value + count;
  if (half === undefined) return `${value} & ${count}`;
  const missing = '0'.repeat(halves - wholeDigits(half));
  return `${value} & $\\,\\pm\\,${missing && `\\phantom{${missing}}`}${half}$${count}`;
}

/** What was computed on what, how to read the numbers, and where they come from. */
function captionOf(result: Reported, { rows }: ReportTable, link: string | undefined): string {
  const { study, device, finished, version, detail } = result;
  const [day] = finished?.split('T') ?? [];
  const made = [
    device && `on ${deviceText(device)}`,
    `with ${versionText(version)}`,
    day ? `finished ${day}` : 'not finished yet',
  ];
  const sentences = [
    `${study.name}: ${networkText(study)}, on ${dataText(study)}; ${detail ? `${detail.forget.length} ` : ''}training images to be forgotten: ${ruleText(study)}.`,
    intervalText(rows),
    'Δ is the oracle’s value minus the unlearned network’s in percentage points, the gap the mean of |Δ| of forget accuracy, MIA and test accuracy; accuracies and MIA in percent. The smallest Δ and gap on average are bold, which says nothing about significance.',
    `Computed ${made.filter(Boolean).join(', ')}.`,
  ];
  const text = latexText(sentences.filter(Boolean).join(' '));
  return link ? `${text} Study: ${link}.` : text;
}

/** How the repeats were taken together. */
function intervalText(rows: readonly ReportRow[]): string {
  const lacking = rows.some(({ cells }) => cells.some(({ n }) => n !== undefined));
  return `${seedsText(rows)}${lacking ? ' Where a cell has fewer values, its own n stands beside it.' : ''}`;
}

function seedsText(rows: readonly ReportRow[]): string {
  const counts = [...new Set(rows.map(({ n }) => n))];
  const [n = 0] = counts;
  if (counts.length > 1)
    return `Mean ± half the 95 % Student-t interval over the n seeds of each row; one seed has no interval.`;
  return n < 2 ? 'One seed: no intervals.' : `Mean ± half the 95 % Student-t interval over n = ${n} seeds.`;
}

function slugOf(name: string, at: number): string {
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return [slug || 'study', ...(at > 0 ? [String(at + 1)] : [])].join('-');
}

/** An address within \url: what would end its argument, or TeX's line, is escaped as addresses are. */
function urlText(link: string): string {
  return link.replaceAll(/[\s{}\\^`"<>|%]/g, (sign) => (sign === '%' ? sign : encodeURIComponent(sign)));
}
