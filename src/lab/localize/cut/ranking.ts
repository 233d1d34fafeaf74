import type { ModelSpec } from '../../nn/spec';
import { LetheError } from '../../settings';
import type { Scores } from '../scores';
import { type UnitLayout, unitLayout } from '../units';
import { argsortDescending } from './argsort';

/** Scores in descending order: sorted once, cut at as many alphas as wanted. */
export interface Ranking {
  layout: UnitLayout;
  granularity: Scores['granularity'];
  /** Units (`channel`) or scalars (`parameter`), best first; ties by tensor order, then flat index. */
  order: Uint32Array;
  /** Their scores, in the same order. */
  sorted: Float32Array;
}

const rankings = new WeakMap<Scores, Ranking>();

/**
 * Ranks scores. Sorting is slow, so the ranking is remembered per `Scores` object, which must not be changed after it was made.
 * @throws LetheError when a score is NaN or infinite: a ranking would be meaningless.
 */
export function rankScores(spec: ModelSpec, scores: Scores): Ranking {
  const known = rankings.get(scores);
  if (known) return known;
  const layout = unitLayout(spec);
  const flat = flattenScores(layout, scores);
  const order = argsortDescending(flat);
  const sorted = new Float32Array(order.length);
  for (let i = 0; i < order.length; i++) sorted[i] = flat[order[i]!]!;
  const ranking = { layout, granularity: scores.granularity, order, sorted };
  rankings.set(scores, ranking);
  return ranking;
}

/**
 * The scores of all parameters one after the other: `[units]` of channels, `[p]` of single weights.
 * @throws LetheError when a score is NaN or infinite: a ranking would be meaningless.
 */
export function flattenScores(layout: UnitLayout, { granularity, values }: Scores): Float32Array {
  const flat = new Float32Array(granularity === 'channel' ? layout.units : layout.size);
  for (const { name, firstUnit, firstScalar } of layout.tensors) {
    if (!values[name]!.every(Number.isFinite))
      throw new LetheError(
        `The scores of ${name} are not all finite numbers: the weights or the gradient overflowed.`,
      );
    flat.set(values[name]!, granularity === 'channel' ? firstUnit : firstScalar);
  }
  return flat;
}
