import { type ScaleLinear, scaleLinear } from 'd3-scale';

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
