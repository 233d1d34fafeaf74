import { leftAxisWidth } from '../../charts/axis-width';
import { PLANE_FRAME } from './plane-frame';

/** About so many pixels between the ticks of the vertical axis. */
export const PLANE_EVERY = 52;

/** Height of the plot within a plane. */
export const planePixels = (height: number): number => height - PLANE_FRAME.bottom - PLANE_FRAME.top - 4;

/** Pixels around the plot. */
export function planeMargins(yDomain: readonly [number, number], height: number) {
  return { ...PLANE_FRAME, left: leftAxisWidth(yDomain, planePixels(height), PLANE_EVERY) };
}
