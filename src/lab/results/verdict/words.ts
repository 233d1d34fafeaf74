import type { Interval } from '../../evaluate/student';
import { fixed, listText } from '../../format';
import { FEWEST_SEEDS } from './measured';

const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/** `three`, `12`. */
export const numberWord = (count: number): string => NUMBERS[count] ?? String(count);

/** `one seed`, `12 runs`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${numberWord(count)} ${count === 1 ? one : many}`;

/** From 10 points on without decimals, which nobody needs there. */
const digitsOf = (value: number) => (Math.abs(value) < 9.95 ? 1 : 0);

/** `6.4`, `24`: without its sign. */
export const points = (value: number): string => fixed(Math.abs(value), digitsOf(value));

/** `6.4`, `2.6 ± 3.1`: with the interval over the seeds where there are enough of them for one. The mean without its sign. */
export function estimate({ n, mean, half }: Interval): string {
  const text = points(mean);
  return n >= FEWEST_SEEDS && half !== undefined ? `${text} ± ${fixed(half, digitsOf(mean))}` : text;
}

/** Names with what is said of each; of more than `most` the first, and how many more there are. */
export function listed(items: readonly string[], most: number): string {
  const rest = items.length - most;
  return rest > 1
    ? `${items.slice(0, most).join(', ')} and ${numberWord(rest)} more`
    : listText(items, 'and');
}
