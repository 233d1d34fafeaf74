import { NOTHING } from '../../lab/format';

export type Cell = string | number | undefined;

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
  // A leading = + - @ would be run as a formula by spreadsheets; a name in a shared study must not be.
  const safe = /^[=+\-@\t]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
