import { textSize, textWidth } from './text-width';
import { pixelScale, tickFormatOf, ticksOf } from './ticks';

/** Between a tick's text and the frame. */
const GAP = 14;
const LEAST = 36;

/** Pixels that a vertical axis needs for the texts of its ticks, as they are measured: talk mode's are larger. */
export function leftAxisWidth(domain: readonly [number, number], pixels: number, every: number): number {
  const scale = pixelScale([...domain], Math.max(1, pixels), 0);
  const print = tickFormatOf(scale, every);
  const widths = ticksOf(scale, every).map((tick) => textWidth(print(tick), textSize('s')));
  return Math.max(LEAST, Math.ceil(Math.max(0, ...widths)) + GAP);
}
