import { interpolateRgb } from 'd3-interpolate';
import { interpolatePurples } from 'd3-scale-chromatic';
import type { Colors } from './use-colors';

const STEPS = 256;
/** Where the scale's colours stand. */
const PLACES = [0, 0.4, 0.75, 1];

/**
 * The map's scale from 0 (not critical) to 1 (most critical): single-hue and monotone in lightness, so it reads without
 * colour vision and in print. Light pages darken towards 1, dark pages brighten.
 * @returns 256 CSS colours; a lookup is cheaper than an interpolation for thousands of cells a frame.
 */
export function sequentialColors(colors: Pick<Colors, 'scale-low' | 'dark'>): string[] {
  const stops = colors.dark ? [0.8, 0.45, 0.08] : [0.36, 0.64, 0.92];
  const colorsAt = [colors['scale-low'], ...stops.map(interpolatePurples)];
  const pieces = colorsAt.slice(1).map((to, i) => interpolateRgb(colorsAt[i]!, to));
  return Array.from({ length: STEPS }, (_, i) => {
    const position = i / (STEPS - 1);
    const piece = Math.max(0, PLACES.findIndex((place) => position <= place) - 1);
    const [from, to] = [PLACES[piece]!, PLACES[piece + 1]!];
    return pieces[piece]!((position - from) / (to - from));
  });
}

/** The colour of a position in [0, 1]; what lies outside is clamped. */
export function colorAt(colors: string[], position: number): string {
  const index = Math.round(Math.max(0, Math.min(1, position)) * (colors.length - 1));
  return colors[index] ?? colors[0]!;
}

export type ScoreScale = 'log' | 'rank';

/**
 * Positions of scores on the colour scale. `rank`: share of the scores that are not larger (ties share their highest
 * rank). `log`: logarithm between the 1st percentile of the positive scores and the maximum. Zero and below stand at 0 in
 * both: a strategy that counts leaves most units at zero, which is no rank.
 */
export function scorePositions(scores: Float32Array, kind: ScoreScale): Float32Array {
  const sorted = scores.slice().sort();
  const n = sorted.length;
  if (kind === 'rank') return scores.map((score) => (score > 0 ? upperBound(sorted, score) / n : 0));
  const firstPositive = upperBound(sorted, 0);
  if (firstPositive === n) return new Float32Array(n);
  const low = Math.log(sorted[firstPositive + Math.floor((n - firstPositive) * 0.01)]!);
  const span = Math.log(sorted[n - 1]!) - low || 1;
  return scores.map((score) => (score > 0 ? Math.max(0.02, (Math.log(score) - low) / span) : 0));
}

/** How many of the ascending values are not larger than `value`. */
function upperBound(ascending: Float32Array, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
