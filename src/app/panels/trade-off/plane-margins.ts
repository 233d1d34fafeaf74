import { leftAxisWidth } from '../../charts/axis-width';
import { PLANE_FRAME } from './plane-frame';

/** About so many pixels between the ticks of the vertical axis. */
export const PLANE_EVERY = 52;

/** Pixels between the plot's edges at the left, right and top, and its domain, so that no mark lies on the frame. */
export const PLANE_PADDING = { x: 8, top: 4 };

/** Height of the plot within a plane. */
export const planePixels = (height: number): number =>
  height - PLANE_FRAME.bottom - PLANE_FRAME.top - PLANE_PADDING.top;

/** Pixels around the plot. */
export function planeMargins(yDomain: readonly [number, number], height: number) {
  return { ...PLANE_FRAME, left: leftAxisWidth(yDomain, planePixels(height), PLANE_EVERY) };
}
