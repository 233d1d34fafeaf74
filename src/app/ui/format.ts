import { NOTHING } from '../../lab/format';

/** Numbers as the page prints them, beside those of `lab/format`. */

/** A share in [0, 1] as a percentage: `0.1` → `10 %`; small shares keep a digit. */
export function share(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return NOTHING;
  const percent = value * 100;
  return `${percent > 0 && percent < 9.95 && Math.abs(percent - Math.round(percent)) > 0.05 ? percent.toFixed(1) : Math.round(percent)} %`;
}

/** A score of any magnitude: three significant digits, with an exponent when very small. */
export function score(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return NOTHING;
  if (value === 0) return '0';
  return Math.abs(value) >= 1e-3 && Math.abs(value) < 1e4
    ? value.toPrecision(3)
    : value.toExponential(1).replace('e-', 'e−');
}

/** `12345` → `12,345`. */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** `1 run`, `12,345 runs`. @param one the word for one, which takes an s for several */
export const plural = (n: number, one: string): string => `${count(n)} ${one}${n === 1 ? '' : 's'}`;

/** An estimate of seconds, no finer than it deserves: `40 s`, `12 min`, `3.5 h`, `4 days`. */
export function aboutDuration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  const hours = seconds / 3600;
  if (hours < 48) return `${hours < 10 ? Number(hours.toFixed(1)) : Math.round(hours)} h`;
  return `${Math.round(hours / 24)} days`;
}

/** Seconds as a person says them: `4.1 s`, `2 min 05 s`, `3 h 20 min`. */
export function duration(seconds: number): string {
  if (seconds < 100) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  if (seconds >= 6000) {
    const minutes = Math.round(seconds / 60);
    return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
  }
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}

/** `30 Nov 2026`; empty for what is no date. */
export function dayText(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime())
    ? ''
    : date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
}
