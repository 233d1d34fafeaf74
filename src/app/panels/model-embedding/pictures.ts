/** Where points stand in the pictures, in pixels: the unit is the same on either axis. */

import { between, type EmbeddedPoint } from './embedded';

export interface Frame {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** From the plane's coordinates to a picture's pixels. */
export interface Scale {
  /** Pixels a unit. */
  unit: number;
  centre: [number, number];
}

export interface Pictures {
  frames: Frame[];
  scale: Scale;
}

/** Above each picture for its title, and between pictures. */
export const TITLE = 20;
const GAP = 10;
/** Free of points inside each edge. */
const MARGIN = 12;

/**
 * Pictures side by side or one below the other, whichever draws larger.
 * @param count of pictures, 1 or 2
 */
export function picturesIn(
  points: readonly EmbeddedPoint[],
  { width, height }: { width: number; height: number },
  count: 1 | 2,
): Pictures {
  const scaleIn = ([frame]: Frame[]) => scaleOf(points, frame!);
  const options = (count === 1 ? [1] : [1, 2]).map((columns) => framesIn(width, height, count, columns));
  const frames = options.reduce((best, each) => (scaleIn(each).unit > scaleIn(best).unit ? each : best));
  return { frames, scale: scaleIn(frames) };
}

/** The largest at which the places of some models fit into a frame. */
export function scaleOf(
  points: readonly EmbeddedPoint[],
  frame: Frame,
  models: readonly ('a' | 'b')[] = ['a', 'b'],
): Scale {
  const [x, y] = [extentOf(points, models, 0), extentOf(points, models, 1)];
  const unit = Math.min(
    (frame.width - 2 * MARGIN) / (x.high - x.low || 1),
    (frame.height - 2 * MARGIN) / (y.high - y.low || 1),
  );
  return { unit: Math.max(0, unit), centre: [(x.low + x.high) / 2, (y.low + y.high) / 2] };
}

function framesIn(width: number, height: number, count: number, columns: number): Frame[] {
  const rows = count / columns;
  const wide = (width - (columns - 1) * GAP) / columns;
  const high = (height - (rows - 1) * GAP) / rows - TITLE;
  return Array.from({ length: count }, (_, i) => ({
    left: (i % columns) * (wide + GAP),
    top: Math.floor(i / columns) * (high + TITLE + GAP) + TITLE,
    width: Math.max(0, wide),
    height: Math.max(0, high),
  }));
}

function extentOf(
  points: readonly EmbeddedPoint[],
  models: readonly ('a' | 'b')[],
  axis: 0 | 1,
): { low: number; high: number } {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const point of points)
    for (const model of models) {
      low = Math.min(low, point[model][axis]);
      high = Math.max(high, point[model][axis]);
    }
  return low <= high ? { low, high } : { low: 0, high: 0 };
}

/**
 * Places of points in a picture, `[n, 2]` in pixels; the second axis goes up.
 * @param t 0: as A sees them, 1: as B does
 */
export function placesOf(
  points: readonly EmbeddedPoint[],
  t: number,
  { left, top, width, height }: Frame,
  { unit, centre }: Scale,
): Float64Array {
  const places = new Float64Array(2 * points.length);
  points.forEach((point, i) => {
    const [x, y] = between(point, t);
    places[2 * i] = left + width / 2 + unit * (x - centre[0]);
    places[2 * i + 1] = top + height / 2 - unit * (y - centre[1]);
  });
  return places;
}

export type Place = readonly [number, number];

export const placeAt = (places: Float64Array, position: number): Place => [
  places[2 * position]!,
  places[2 * position + 1]!,
];

/** Even-odd: whether a place lies inside a closed line. */
export function isInside(line: readonly Place[], [x, y]: Place): boolean {
  let inside = false;
  for (let i = 0, j = line.length - 1; i < line.length; j = i++) {
    const [[xi, yi], [xj, yj]] = [line[i]!, line[j]!];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

/** Those of `among` that lie inside a closed line. */
export const positionsInside = (
  line: readonly Place[],
  places: Float64Array,
  among: readonly number[],
): number[] => among.filter((position) => isInside(line, placeAt(places, position)));

/** The corners of an upright box; both given corners lie inside it. */
export function boxBetween([x, y]: Place, [u, v]: Place): Place[] {
  const [left, right, top, bottom] = [
    Math.min(x, u) - 1,
    Math.max(x, u) + 1,
    Math.min(y, v) - 1,
    Math.max(y, v) + 1,
  ];
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ];
}

/** The position nearest to a place, at most `reach` pixels away; of equal ones the last, which is drawn on top. */
export function nearestPosition(
  places: Float64Array,
  among: readonly number[],
  [x, y]: Place,
  reach = Number.POSITIVE_INFINITY,
): number | undefined {
  let best: number | undefined;
  let least = reach;
  for (const position of among) {
    const distance = Math.hypot(places[2 * position]! - x, places[2 * position + 1]! - y);
    if (distance > least) continue;
    least = distance;
    best = position;
  }
  return best;
}

export const STEPS: Record<string, Place> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/**
 * The next position in a direction: the nearest of those that lie within 45° of it, what lies aside counting twice; undefined at the edge. Points
 * in the same place are walked through one after the other.
 */
export function stepFrom(
  places: Float64Array,
  among: readonly number[],
  from: number,
  [dx, dy]: Place,
): number | undefined {
  const [x, y] = placeAt(places, from);
  const isForward = dx + dy > 0;
  let best: number | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const position of among) {
    if (position === from) continue;
    const [u, v] = [places[2 * position]! - x, places[2 * position + 1]! - y];
    const along = u * dx + v * dy;
    const aside = Math.abs(u * dy) + Math.abs(v * dx);
    const isHere = u === 0 && v === 0;
    if (isHere ? position > from !== isForward : along <= 0 || aside > along) continue;
    const cost = isHere ? Math.abs(position - from) * 1e-9 : along + 2 * aside;
    if (cost >= least) continue;
    least = cost;
    best = position;
  }
  return best;
}
