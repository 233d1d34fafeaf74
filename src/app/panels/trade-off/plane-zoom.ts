import { paddedDomain } from '../../charts/domain';
import type { PlaneModel, PlanePoint } from './plane-model';

type Domain = readonly [number, number];

/** The part of a plane that is shown, in the units of its axes. */
export interface PlaneWindow {
  x: Domain;
  y: Domain;
}

/** How much of the window before is left by one step. */
const STEP = 0.5;
/** Of the whole plane, the least that a window shows: numbers of a few thousand images do not come finer. */
const LEAST = 1 / 256;

const span = ([low, high]: Domain) => high - low;

export const wholeOf = ({ xDomain, yDomain }: Pick<PlaneModel, 'xDomain' | 'yDomain'>): PlaneWindow => ({
  x: xDomain,
  y: yDomain,
});

/** The runs alone, without the original and the oracle; undefined without any. */
export function windowOfRuns({ lines }: Pick<PlaneModel, 'lines'>): PlaneWindow | undefined {
  const points = lines.flatMap((line) => line.points);
  if (points.length === 0) return undefined;
  const around = (of: 'x' | 'y') =>
    points.flatMap(({ [of]: { mean, std = 0 } }): number[] => [mean - std, mean + std]);
  return { x: paddedDomain(around('x'), 0.07, 0.5), y: paddedDomain(around('y'), 0.07, 0.5) };
}

/**
 * A window of half or twice the size in which a place stays where it is on the screen, but for the ends of the plane; undefined for the whole
 * plane.
 * @param at in the units of the axes; from outside of the window it comes to the middle; absent: the middle stays
 */
export function zoomed(
  window: PlaneWindow,
  direction: 'in' | 'out',
  whole: PlaneWindow,
  at?: { x: number; y: number },
): PlaneWindow | undefined {
  const factor = direction === 'in' ? STEP : 1 / STEP;
  const isInside = at && isWithin(window, at);
  const changed = (of: 'x' | 'y'): Domain => {
    const [low, high] = window[of];
    const [first, last] = whole[of];
    const length = Math.max(factor * (high - low), LEAST * (last - first));
    if (length >= last - first) return whole[of];
    const place = at?.[of] ?? (low + high) / 2;
    const start = place - length * (isInside ? (place - low) / (high - low) : 0.5);
    const moved = Math.min(Math.max(start, first), last - length);
    return [moved, moved + length];
  };
  const next = { x: changed('x'), y: changed('y') };
  return next.x === whole.x && next.y === whole.y ? undefined : next;
}

/** The window between two corners; undefined where that is smaller than can be shown. */
export function windowBetween(
  a: { x: number; y: number },
  b: { x: number; y: number },
  whole: PlaneWindow,
): PlaneWindow | undefined {
  const between = (of: 'x' | 'y'): Domain => [Math.min(a[of], b[of]), Math.max(a[of], b[of])];
  const window = { x: between('x'), y: between('y') };
  const isLarge = (['x', 'y'] as const).every((of) => span(window[of]) >= LEAST * span(whole[of]));
  return isLarge ? window : undefined;
}

export function isWithin({ x, y }: PlaneWindow, at: { x: number; y: number }): boolean {
  return at.x >= x[0] && at.x <= x[1] && at.y >= y[0] && at.y <= y[1];
}

const isShown = (window: PlaneWindow, { x, y }: Pick<PlanePoint, 'x' | 'y'>) =>
  isWithin(window, { x: x.mean, y: y.mean });

/** How many of the runs' points a window shows. */
export const pointsIn = ({ lines }: Pick<PlaneModel, 'lines'>, window: PlaneWindow): number =>
  lines.flatMap(({ points }) => points.filter((point) => isShown(window, point))).length;

/** What has a mark or a name in a window: the points in it. Lines, rings and ellipses are cut by the plot, not by their points. */
export function seenIn<Model extends PlaneModel>(model: Model, window: PlaneWindow): Model {
  const seen = (point: PlanePoint | undefined) => (point && isShown(window, point) ? point : undefined);
  const last = model.trail.at(-1);
  return {
    ...model,
    lines: model.lines.flatMap((line) => {
      const points = line.points.filter((point) => isShown(window, point));
      return points.length > 0 ? [{ ...line, points, isCut: points.length < line.points.length }] : [];
    }),
    trail: last && isWithin(window, last) ? model.trail : [],
    original: seen(model.original),
    oracle: seen(model.oracle),
  };
}

/** What a step in should keep in view: the point of the selected run, or the one nearest to the middle; undefined without any in view. */
export function zoomPlace(
  model: Pick<PlaneModel, 'lines' | 'xDomain' | 'yDomain'>,
  window: PlaneWindow = wholeOf(model),
  selected: string | undefined,
): { x: number; y: number } | undefined {
  const points = model.lines.flatMap((line) => line.points.filter((point) => isShown(window, point)));
  const fromMiddle = (of: 'x' | 'y', { [of]: { mean } }: PlanePoint) =>
    (mean - (window[of][0] + window[of][1]) / 2) / span(window[of]);
  const distance = (point: PlanePoint) => Math.hypot(fromMiddle('x', point), fromMiddle('y', point));
  const own = points.find(({ group }) => group.runs.some(({ id }) => id === selected));
  const point = own ?? points.sort((a, b) => distance(a) - distance(b))[0];
  return point && { x: point.x.mean, y: point.y.mean };
}
