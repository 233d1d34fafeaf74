import type { MapModel } from './map-model';

/** What a mask takes of every unit, at one budget. */
export interface MaskCut {
  /** Selected share of each unit's scalars, 0 to 1. */
  shares: Float32Array;
  /** Units of which anything is selected. */
  units: number;
  /** Scalars selected. */
  scalars: number;
  /** Score of the selected scalars over that of all, 0 to 1. */
  scoreShare: number;
}

/** Scores ranked once, so that a mask can be cut again for every move of the handle. */
export interface RankedScores {
  granularity: 'channel' | 'parameter';
  /** One number per unit, for colour; for single-parameter scores the mean over the unit. */
  unitScores: Float32Array;
  /** From 1, the most critical. */
  ranks: Int32Array;
  /** Heights at `curve.length` evenly spaced shares of the weights, most critical first. */
  curve: Float32Array;
  cut(alpha: number): MaskCut;
}

/** Positions of the values from the largest down; ties keep their order. */
export function descending(values: Float32Array): Int32Array {
  const order = Int32Array.from(values, (_, i) => i);
  return order.sort((a, b) => values[b]! - values[a]! || a - b);
}

export function ranksOf(order: Int32Array): Int32Array {
  const ranks = new Int32Array(order.length);
  order.forEach((unit, position) => {
    ranks[unit] = position + 1;
  });
  return ranks;
}

/**
 * The score of the scalar at each of `length` evenly spaced places of the ranking (places in units of weights, so that
 * the area under the curve left of alpha is the score that alpha selects).
 */
export function scoreCurve(order: Int32Array, scores: Float32Array, sizes: Int32Array, length = 512): Float32Array {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const curve = new Float32Array(length);
  let position = 0;
  let end = 0;
  for (const unit of order) {
    end += sizes[unit]!;
    while (position < length && ((position + 0.5) / length) * total <= end) curve[position++] = scores[unit]!;
  }
  return curve;
}

/** Sums over what is selected. @param scores per unit, of one scalar. */
export function measureCut(model: MapModel, shares: Float32Array, scores: Float32Array): MaskCut {
  let units = 0;
  let scalars = 0;
  let selected = 0;
  let all = 0;
  for (let unit = 0; unit < shares.length; unit++) {
    const weight = model.sizes[unit]!;
    const taken = shares[unit]! * weight;
    if (taken > 0) units++;
    scalars += taken;
    selected += taken * scores[unit]!;
    all += weight * scores[unit]!;
  }
  return { shares, units, scalars: Math.round(scalars), scoreShare: all > 0 ? selected / all : 0 };
}
