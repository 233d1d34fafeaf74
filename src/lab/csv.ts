import { NOTHING } from './format';

export type Cell = string | number | undefined;

/**
 * A leading = + - @, plain or full-width, is run as a formula by spreadsheets, also behind blanks and line ends, which some of them
 * take away first; a name in a shared study must not be.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const FORMULA = /^(?:[\s\0-\x1f\x7f-\x9f\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠﹢﹣﹦﹫]|[\t\r\n])/;
const NUMBER = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/;

/**
 * RFC 4180: CRLF between rows, quotes around what needs them. Missing and non-finite numbers are empty fields; numbers that are printed
 * for people (`−1.2e−5`, `+0.6`) become ones that programs read.
 */
export function toCsv(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [header, ...rows].map((row) => row.map(field).join(',')).join('\r\n');
}

function field(cell: Cell): string {
  if (cell === undefined) return '';
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : '';
  if (cell === NOTHING) return '';
  const number = cell.replaceAll('−', '-').replace(/^\+/, '');
  if (NUMBER.test(number)) return number;
  const safe = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A measured number with six significant digits, as files for other programs have it; a count keeps all of its digits. */
export function sixDigits(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(6));
}
