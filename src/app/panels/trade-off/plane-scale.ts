import type { QuantityId } from '../../state/quantities';
import { quantity } from '../../state/quantities';
import { areCommensurable } from './plane-axes';
import { PLANE_PADDING, planeMargins, planePixels } from './plane-margins';
import { type PlaneWindow, wholeOf } from './plane-zoom';

type Domain = [number, number];

/** What a quantity can be at all; absent where there is no end. */
type Limits = readonly [number, number] | undefined;

/** A domain widened around its middle, or moved as little as keeps it within what the quantity can be, where it fits. */
function widened([low, high]: Domain, span: number, limits: Limits): Domain {
  const start = (low + high - span) / 2;
  if (!limits || span > limits[1] - limits[0]) return [start, start + span];
  const moved = Math.max(Math.min(limits[0], low), Math.min(start, Math.max(limits[1], high) - span));
  return [moved, moved + span];
}

/** The domains with the same number of units per pixel on both axes: the one that needs fewer grows. @param limits of x and of y */
export function sameScale(
  { xDomain, yDomain }: { xDomain: Domain; yDomain: Domain },
  xPixels: number,
  yPixels: number,
  limits: readonly [Limits, Limits] = [undefined, undefined],
): { xDomain: Domain; yDomain: Domain } {
  const span = ([low, high]: Domain) => high - low;
  const perPixel = Math.max(span(xDomain) / xPixels, span(yDomain) / yPixels);
  return {
    xDomain: widened(xDomain, perPixel * xPixels, limits[0]),
    yDomain: widened(yDomain, perPixel * yPixels, limits[1]),
  };
}

/** The same for a plane of this size, whose left margin depends on the numbers that stand there. */
function sameScaleIn<Model extends { xDomain: Domain; yDomain: Domain }>(
  model: Model,
  { width, height }: { width: number; height: number },
  limits: readonly [Limits, Limits],
): Model {
  const fitted = (yDomain: Domain) => {
    const { left, right } = planeMargins(yDomain, height);
    return sameScale(model, width - left - right - 2 * PLANE_PADDING.x, planePixels(height), limits);
  };
  return { ...model, ...fitted(fitted(model.yDomain).yDomain) };
}

/** How a plane is drawn. */
export interface PlaneDrawing {
  size: { width: number; height: number };
  xId: QuantityId;
  yId: QuantityId;
  /** As many pixels a point on both axes, where they can be compared. */
  same: boolean;
}

/** A window as it is drawn: with the same scale on both axes it shows more. */
export function drawnWindow(window: PlaneWindow, { size, xId, yId, same }: PlaneDrawing): PlaneWindow {
  if (!same || !areCommensurable(xId, yId)) return window;
  const domains = { xDomain: [...window.x] as Domain, yDomain: [...window.y] as Domain };
  return wholeOf(sameScaleIn(domains, size, [quantity(xId).limits, quantity(yId).limits]));
}
