import { leftAxisWidth } from '../../charts/axis-width';

const TOP = 24;
const BOTTOM = 40;

/** About so many pixels between the ticks of the vertical axis. */
export const PLANE_EVERY = 52;

/** Height of the plot within a plane. */
export const planePixels = (height: number): number => height - BOTTOM - TOP - 4;

/** Pixels around the plot; the pickers of the axes lie in them. */
export function planeMargins(yDomain: readonly [number, number], height: number) {
  return {
    left: leftAxisWidth(yDomain, planePixels(height), PLANE_EVERY),
    right: 10,
    top: TOP,
    bottom: BOTTOM,
  };
}
