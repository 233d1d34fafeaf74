/** Numbers as the page and reports print them: true minus signs, and a dash where there is nothing to print. */

const MINUS = '−';
export const NOTHING = '–';

/** More digits than any number here is measured in, fewer than float64 has. */
const CERTAIN_DIGITS = 12;

/**
 * `-10.94` → `−10.9`. Halves are common among percentages of few images, so what a sum leaves in the last bits does not decide on which
 * side of one a number lies: 3.85 is the same wherever it was added up.
 */
export function fixed(value: number | undefined, digits = 1): string {
  if (value === undefined || !Number.isFinite(value)) return NOTHING;
  const text = Number(Math.abs(value).toPrecision(CERTAIN_DIGITS)).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `${MINUS}${text}` : text;
}

/** A budget: with two digits, or with as many as it has: `0.10`, `0.125`. */
export const alphaText = (alpha: number): string =>
  Number(alpha.toFixed(2)) === alpha ? alpha.toFixed(2) : String(alpha);

/** With its sign: `+0.6`, `−10.9`, `0.0`. */
export function signed(value: number | undefined, digits = 1): string {
  const text = fixed(value, digits);
  return value !== undefined && value > 0 && Number(text) !== 0 ? `+${text}` : text;
}

/** `−2.8 ± 5.3`: mean and half its interval; without the interval where there is one value only. */
export function meanText(
  value: { mean: number; half?: number } | undefined,
  digits: number,
  withSign = false,
): string {
  if (!value) return NOTHING;
  const mean = (withSign ? signed : fixed)(value.mean, digits);
  return value.half === undefined ? mean : `${mean} ± ${fixed(value.half, digits)}`;
}

/** `12 of 40 steps`, `1.2 GB of 9.7 GB`. */
export function doneText({ done, total, counted }: { done: number; total: number; counted: string }): string {
  if (counted === 'bytes') return `${bytesText(done)} of ${bytesText(total)}`;
  return `${done.toLocaleString('en-US')} of ${total.toLocaleString('en-US')} ${counted}`;
}

/** `840 kB`, `1.6 GB`; decimal units. */
export function bytesText(bytes: number): string {
  const [unit, size] = bytes >= 1e9 ? ['GB', 1e9] : bytes >= 1e6 ? ['MB', 1e6] : ['kB', 1e3];
  const value = bytes / (size as number);
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}

/** `a, b and c` */
export function listText(items: readonly string[], word: 'and' | 'or' | 'nor'): string {
  const [last, ...before] = [...items].reverse();
  return before.length === 0 ? (last ?? '') : `${before.reverse().join(', ')} ${word} ${last}`;
}

/** A text with a capital at its beginning. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
