import { isFileName } from './index-list';

export const isNumber = (cell: string): boolean => /^[-+]?\d+(\.\d*)?([eE][-+]?\d+)?$/.test(cell);
export const isTruth = (cell: string): boolean => /^(true|false)$/i.test(cell);

/** Whether a row names columns: none of its cells could be an entry of a list. */
export const isHeader = (cells: readonly string[]): boolean =>
  cells.every((cell) => !isNumber(cell) && !isFileName(cell) && !isTruth(cell));

/** What divides the cells of a row, the surest first: names have commas in them rather than tabs. */
const MARKS = ['\t', ';', ','];
/** A cell in quotes, of which a doubled one stands for itself. */
const QUOTED = /"[^"]*(?:""[^"]*)*"/g;

/**
 * The rows of a table or list in a text, by RFC 4180. Without a mark between cells, spaces divide them, save in names of files: each line is
 * then one cell. Comments and empty lines are left out.
 */
export function rowsOf(content: string): string[][] {
  const lines = linesOf(content);
  const mark = MARKS.find((each) => lines.some((line) => unquotedPart(line).includes(each)));
  if (mark) return lines.map((line) => cellsOf(line, mark));
  const whole = lines.map((line) => unquoted(line.trim()));
  const [first, ...rest] = whole;
  if (first === undefined) return [];
  if ((rest.length > 0 ? rest : whole).every(isFileName)) return whole.map((line) => [line]);
  const rows = lines.map((line) => line.trim().split(/\s+/).map(unquoted));
  // One column, of which the header alone has several words.
  const [header = [], ...below] = rows;
  const isOneColumn = below.length > 0 && below.every((row) => row.length === 1) && isHeader(header);
  return isOneColumn ? [[first], ...below] : rows;
}

/** Lines without comments; those that a cell in quotes goes over are one. */
function linesOf(content: string): string[] {
  const lines: string[] = [];
  let open: string[] = [];
  for (const line of content.split(/\r\n?|\n/)) {
    if (open.length > 0) {
      open.push(line);
      const quotes = line.split('"').length - 1;
      if (quotes % 2 === 0) continue;
      lines.push(open.join('\n'));
      open = [];
    } else if (opensQuotes(line)) open = [line];
    else lines.push(withoutComment(line));
  }
  // Quotes that nothing closes are no quotes.
  return [...lines, ...open.map(withoutComment)].filter((line) => line.trim() !== '');
}

/** A comment is a line of its own, or stands behind a number: in names a `#` is a letter like any other. */
function withoutComment(line: string): string {
  if (/^\s*#/.test(line)) return '';
  const at = line.includes('"') ? -1 : line.search(/\s#/);
  if (at < 0) return line;
  const before = line.slice(0, at).trimEnd().replace(/[;,]$/, '');
  const cell = before.slice(Math.max(...MARKS.map((mark) => before.lastIndexOf(mark))) + 1);
  const isBehindNumber = isTruth(cell.trim()) || /^[-+\d.e\s]*[\d.]$/i.test(cell);
  return isBehindNumber ? before : line;
}

const unquotedPart = (line: string) => (line.includes('"') ? line.replace(QUOTED, '""') : line);

/** Whether a cell of it begins with quotes that are still open. */
function opensQuotes(line: string): boolean {
  if (!line.includes('"')) return false;
  return /(^|[\t;,]) *"[^"]*$/.test(unquotedPart(line).replaceAll('""', ''));
}

function unquoted(cell: string): string {
  return /^"[^"]*(?:""[^"]*)*"$/.test(cell) ? cell.slice(1, -1).replaceAll('""', '"') : cell;
}

function cellsOf(line: string, mark: string): string[] {
  if (!line.includes('"')) return line.split(mark).map((cell) => cell.trim());
  const cell = new RegExp(` *("[^"]*(?:""[^"]*)*") *(?:${mark}|$)|([^${mark}]*)(?:${mark}|$)`, 'y');
  const cells: string[] = [];
  while (cell.lastIndex <= line.length) {
    const [all = '', quoted, plain = ''] = cell.exec(line) ?? [];
    cells.push(quoted === undefined ? plain.trim() : unquoted(quoted));
    if (cell.lastIndex === line.length && !all.endsWith(mark)) break;
  }
  return cells;
}
