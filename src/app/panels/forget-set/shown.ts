import type { Memorization } from '../../../lab/forget/memorization';
import { FATE_ORDER, type ToldFate } from './fate';

export type ForgetOrder =
  | 'index'
  | 'forget'
  | 'class'
  | 'loss-low'
  | 'loss-high'
  | 'memorized-low'
  | 'fate'
  | 'memorized-high';

interface Shown {
  labels: Int32Array;
  losses?: Float32Array;
  memorization?: Memorization;
  /** Classes to show; all when empty. */
  classes: ReadonlySet<number>;
  order: ForgetOrder;
  /** What stands first in the order `forget`. */
  first?: ReadonlySet<number>;
  /** For the order `fate`. */
  fates?: ReadonlyMap<number, ToldFate>;
}

/** Example indices in the order of the grid. Ties keep the order of the training set; what has no number stands last. */
export function shownExamples({
  labels,
  losses,
  memorization,
  classes,
  order,
  first,
  fates,
}: Shown): Int32Array {
  const all = Int32Array.from(labels, (_, i) => i);
  const shown = classes.size === 0 ? all : all.filter((i) => classes.has(labels[i]!));
  if (order === 'class') return shown.sort((a, b) => labels[a]! - labels[b]! || a - b);
  if (order === 'forget')
    return shown.sort((a, b) => Number(first?.has(b) ?? 0) - Number(first?.has(a) ?? 0) || a - b);
  if (order === 'fate') {
    const rank = (i: number) => {
      const fate = fates?.get(i)?.fate;
      return fate ? FATE_ORDER.indexOf(fate) : FATE_ORDER.length;
    };
    return shown.sort((a, b) => rank(a) - rank(b) || a - b);
  }
  const numbers = order.startsWith('memorized') ? knownScores(memorization) : losses;
  if (order === 'index' || !numbers) return shown;
  const sign = order.endsWith('low') ? 1 : -1;
  const missing = (i: number) => Number(numbers[i] === undefined || Number.isNaN(numbers[i]));
  const compare = (a: number, b: number) => (missing(a) ? 0 : sign * (numbers[a]! - numbers[b]!));
  return shown.sort((a, b) => missing(a) - missing(b) || compare(a, b) || a - b);
}

/** Scores with NaN where nothing is known. */
function knownScores(memorization: Memorization | undefined): Float32Array | undefined {
  return memorization?.scores.map((score, i) =>
    Number.isFinite(memorization.errors[i]) ? score : Number.NaN,
  );
}

/** All examples of `indices` selected, or none of them when all of them already are; ascending. */
export function toggleIndices(selected: readonly number[], indices: Iterable<number>): number[] {
  const set = new Set(selected);
  const given = [...indices];
  const remove = given.every((index) => set.has(index));
  for (const index of given) {
    if (remove) set.delete(index);
    else set.add(index);
  }
  return [...set].sort((a, b) => a - b);
}

/** Selects those of `indices` that are not selected, and the other way round; what is selected elsewhere stays. */
export function invertIndices(selected: readonly number[], indices: Iterable<number>): number[] {
  const set = new Set(selected);
  for (const index of indices) {
    if (set.has(index)) set.delete(index);
    else set.add(index);
  }
  return [...set].sort((a, b) => a - b);
}

/** How many of the given examples stand among as many highest losses: whether the loss alone would find them. */
export function foundByLoss(losses: Float32Array, sought: ReadonlyMap<number, unknown>): number {
  const order = Int32Array.from(losses, (_, i) => i).sort((a, b) => losses[b]! - losses[a]! || a - b);
  return order.subarray(0, sought.size).filter((index) => sought.has(index)).length;
}

/** The wrong labels that examples were trained with, by example index; empty where none were planted. */
export function plantedLabels(
  forget: readonly number[] = [],
  planted: readonly number[] = [],
): ReadonlyMap<number, number> {
  return new Map(planted.map((label, i) => [forget[i]!, label]));
}
