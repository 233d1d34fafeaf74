import { type ScaleLinear, scaleLinear, scaleLog } from 'd3-scale';

/** A linear scale onto pixels; `from` may be larger than `to` (the y axis). */
export function pixelScale(domain: [number, number], from: number, to: number): ScaleLinear<number, number> {
  return scaleLinear().domain(domain).range([from, to]);
}

function tickCount(scale: ScaleLinear<number, number>, every: number): number {
  const [a, b] = scale.range() as [number, number];
  return Math.max(2, Math.round(Math.abs(b - a) / every));
}

/** About one tick for every `every` pixels, at least two. */
export function ticksOf(scale: ScaleLinear<number, number>, every: number): number[] {
  return scale.ticks(tickCount(scale, every));
}

/** Prints these ticks with the digits that tell them apart. */
export function tickFormatOf(scale: ScaleLinear<number, number>, every: number): (value: number) => string {
  return scale.tickFormat(tickCount(scale, every));
}

/** Pixels that a tick within a decade needs beside it. */
const WITHIN_DECADE = 150;

/** Powers of ten on a log axis, with 2 and 5 between them where a decade is long. @param domain above 0 */
export function logTicksOf([low, high]: readonly [number, number], pixels: number): number[] {
  const ticks = scaleLog().domain([low, high]).ticks();
  const isLong = pixels / Math.log10(high / low) >= WITHIN_DECADE;
  const digits = isLong ? [1, 2, 5] : [1];
  return ticks.filter((tick) => digits.includes(Number(tick.toExponential(0)[0])));
}
