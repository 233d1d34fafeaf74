import { PLANE_PADDING, planeMargins, planePixels } from './plane-margins';

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
export function sameScaleIn<Model extends { xDomain: Domain; yDomain: Domain }>(
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
