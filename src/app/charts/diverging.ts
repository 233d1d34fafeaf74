import { interpolateRgb } from 'd3-interpolate';
import type { Colors } from './use-colors';

/** The colour of a difference from −1 to 1: towards the accent where it is positive, towards gold where it is negative. What lies outside is clamped. */
export function divergingColor(
  value: number,
  colors: Pick<Colors, 'scale-low' | 'accent' | 'oracle'>,
): string {
  const strength = Math.min(1, Math.abs(value));
  return interpolateRgb(colors['scale-low'], value < 0 ? colors.oracle : colors.accent)(strength);
}
