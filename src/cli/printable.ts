import { printable } from '../lab/printable';

/** All that Lethe itself asks of a terminal: to erase the line, and to switch its wrapping off and on again. */
export const ERASE_LINE = '\r\x1b[K';
export const WRAP_OFF = '\x1b[?7l';
export const WRAP_ON = '\x1b[?7h';

/** The same for a whole write to the terminal, whose first and last characters may be those that redraw a line of progress. */
export function printableWrite(text: string): string {
  const start = [ERASE_LINE + WRAP_OFF, ERASE_LINE].find((own) => text.startsWith(own)) ?? '';
  const end = text.endsWith(WRAP_ON) ? WRAP_ON : '';
  return start + printable(text.slice(start.length, text.length - end.length)) + end;
}
