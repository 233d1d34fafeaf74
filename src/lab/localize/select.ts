import type { ModelSpec } from '../nn/spec';
import { type ChoiceSetting, LetheError } from '../settings';
import type { Mask } from '../tensors';
import type { Scores } from './localizer';
import { maskFromFlat, type UnitLayout, unitLayout, unitStarts } from './units';

/** Scores in descending order: sorted once, cut at as many alphas as wanted. */
export interface Ranking {
  layout: UnitLayout;
  granularity: Scores['granularity'];
  /** Units (`channel`) or scalars (`parameter`), best first; ties by tensor order, then flat index. */
  order: Uint32Array;
  /** Their scores, in the same order. */
  sorted: Float32Array;
}

export type Cut = 'exact' | 'whole-channel';

export const cutSetting: ChoiceSetting = {
  kind: 'choice',
  name: 'cut',
  label: 'Cut',
  help: 'Whether the last channel may be selected in part so that the budget is met exactly.',
  source: 'whole channels: ‖m‖₁ ≤ α·p (paper); exact: official code',
  default: 'whole-channel',
  options: [
    {
      value: 'whole-channel',
      label: 'whole channels',
      help: 'Stops at the first channel that does not fit.',
    },
    { value: 'exact', label: 'exact', help: 'Selects exactly floor(α·p) weights.' },
  ],
};

const rankings = new WeakMap<Scores, Ranking>();

/**
 * Ranks scores; remembered per `Scores` object (which is never changed after it was made), so that a slider that moves
 * alpha sorts nothing.
 * @throws LetheError when a score is NaN or infinite: a ranking would be meaningless.
 */
export function rank(spec: ModelSpec, scores: Scores): Ranking {
  const known = rankings.get(scores);
  if (known) return known;
  const layout = unitLayout(spec);
  const { granularity } = scores;
  const flat = new Float32Array(granularity === 'channel' ? layout.units : layout.size);
  checkFinite(scores);
  for (const { name, firstUnit, firstScalar } of layout.tensors)
    flat.set(scores.values[name]!, granularity === 'channel' ? firstUnit : firstScalar);
  const order = argsortDescending(flat);
  const sorted = new Float32Array(order.length);
  for (let i = 0; i < order.length; i++) sorted[i] = flat[order[i]!]!;
  const ranking = { layout, granularity, order, sorted };
  rankings.set(scores, ranking);
  return ranking;
}

/** @throws LetheError when a score is NaN or infinite: a ranking would be meaningless. */
export function checkFinite({ values }: Scores): void {
  for (const [name, scores] of Object.entries(values))
    if (!scores.every(Number.isFinite))
      throw new LetheError(
        `The scores of ${name} are not all finite numbers: the weights or the gradient overflowed.`,
      );
}

/** Budget floor(alpha*p) in scalars. @throws LetheError when alpha is not a share. */
export function budgetOf(layout: UnitLayout, alpha: number): number {
  if (!(alpha >= 0 && alpha <= 1)) throw new LetheError(`Alpha must lie between 0 and 1, not ${alpha}.`);
  return Math.floor(alpha * layout.size);
}

/** The best entries that fit into floor(alpha*p) scalars (METHOD section 1.3). */
export function cutRanking(ranking: Ranking, alpha: number, cut: Cut): Mask {
  const { layout, order } = ranking;
  const flat = new Uint8Array(layout.size);
  let left = budgetOf(layout, alpha);
  if (ranking.granularity === 'parameter') {
    for (let i = 0; i < left; i++) flat[order[i]!] = 1;
    return maskFromFlat(layout, flat);
  }
  const starts = unitStarts(layout);
  for (let i = 0; i < order.length && left > 0; i++) {
    const start = starts[order[i]!]!;
    const size = starts[order[i]! + 1]! - start;
    if (size > left && cut === 'whole-channel') break;
    flat.fill(1, start, start + Math.min(size, left));
    left -= size;
  }
  return maskFromFlat(layout, flat);
}

const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;

/** Indices of finite floats by descending value, equal values by ascending index: a stable radix sort, 3 passes of 11 bits. */
export function argsortDescending(values: Float32Array): Uint32Array {
  const count = values.length;
  const keys = new Uint32Array(count);
  new Float32Array(keys.buffer).set(values);
  let from = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    // -0 is +0; the flips make the bits' unsigned order the floats' descending order.
    const bits = keys[i] === 0x80000000 ? 0 : keys[i]!;
    keys[i] = bits & 0x80000000 ? bits : ~bits & 0x7fffffff;
    from[i] = i;
  }
  let to = new Uint32Array(count);
  for (let shift = 0; shift < 32; shift += DIGIT_BITS) {
    const next = new Uint32Array(DIGITS + 1);
    for (let i = 0; i < count; i++) next[((keys[i]! >>> shift) & (DIGITS - 1)) + 1]!++;
    for (let digit = 0; digit < DIGITS; digit++) next[digit + 1]! += next[digit]!;
    for (let i = 0; i < count; i++) {
      const index = from[i]!;
      to[next[(keys[index]! >>> shift) & (DIGITS - 1)]!++] = index;
    }
    [from, to] = [to, from];
  }
  return from;
}
