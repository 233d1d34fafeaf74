import { scaleLinear } from 'd3-scale';
import { type Box, overlapArea } from '../../charts/place-labels';

type Domain = readonly [number, number];

/**
 * Gaps in points of which rings are drawn. The gap is the mean of three absolute differences (METHOD section 5), of which the plane shows two: outside of
 * the ring |Δx| + |Δy| = 3g it is larger than g, whatever the third is. Where the oracle is out of sight they begin at the nearest place in sight.
 * @param oracle where the rings are centred
 */
export function ringLevels(oracle: { x: number; y: number }, xDomain: Domain, yDomain: Domain): number[] {
  const reach = ([low, high]: Domain, at: number) => Math.max(Math.abs(low - at), Math.abs(high - at));
  const beyond = ([low, high]: Domain, at: number) => Math.max(0, low - at, at - high);
  const [least, largest] = [beyond, reach].map(
    (far) => (far(xDomain, oracle.x) + far(yDomain, oracle.y)) / 3,
  );
  const gaps = scaleLinear().domain([least!, largest!]).ticks(4);
  return gaps.filter((gap) => gap > 0);
}

export interface Segment {
  x1: number;
  y1: number;
  x2: number;
  y2: number;
}

/** What of a segment lies in a box (Liang and Barsky 1984); undefined where nothing does. */
export function clippedSegment({ x1, y1, x2, y2 }: Segment, box: Box): Segment | undefined {
  const [dx, dy] = [x2 - x1, y2 - y1];
  let [from, to] = [0, 1];
  for (const [towards, room] of [
    [-dx, x1 - box.x],
    [dx, box.x + box.width - x1],
    [-dy, y1 - box.y],
    [dy, box.y + box.height - y1],
  ] as const) {
    if (towards === 0 && room < 0) return undefined;
    if (towards < 0) from = Math.max(from, room / towards);
    if (towards > 0) to = Math.min(to, room / towards);
  }
  if (from >= to) return undefined;
  return { x1: x1 + from * dx, y1: y1 + from * dy, x2: x1 + to * dx, y2: y1 + to * dy };
}

/** The sides of a ring, a diamond of these radii, as far as they lie in the box; all in pixels. */
export function ringSides(center: { x: number; y: number }, rx: number, ry: number, box: Box): Segment[] {
  const { x, y } = center;
  const corners = [
    [x - rx, y],
    [x, y - ry],
    [x + rx, y],
    [x, y + ry],
  ] as const;
  return corners.flatMap(([x1, y1], i) => {
    const [x2, y2] = corners[(i + 1) % 4]!;
    return clippedSegment({ x1, y1, x2, y2 }, box) ?? [];
  });
}

/** The highest visible point of a ring, the left one of two; undefined for a ring out of sight. */
function ringTop(sides: readonly Segment[]): { x: number; y: number } | undefined {
  const ends = sides.flatMap(({ x1, y1, x2, y2 }) => [
    { x: x1, y: y1 },
    { x: x2, y: y2 },
  ]);
  // Of two ends at the edge of the plot the last bits may differ.
  return ends.sort((a, b) => Math.round(a.y) - Math.round(b.y) || a.x - b.x)[0];
}

export interface Ring {
  gap: number;
  sides: Segment[];
  /** Where its gap is written; absent where there is no room for it. */
  label?: Box;
}

interface RingGeometry {
  /** Pixels of the oracle, and of a place in the plane. */
  oracle: { x: number; y: number };
  x: (value: number) => number;
  y: (value: number) => number;
  xDomain: Domain;
  yDomain: Domain;
  plot: Box;
  /** Height of the letters, and width of a text, in pixels. */
  size: number;
  measure: (text: string) => number;
}

export const ringText = (gap: number): string => `gap ${gap}`;

/** Every ring that is seen, with a label at its top. @param geometry.oracle in the units of the axes */
export function ringsOf({ oracle, x, y, xDomain, yDomain, plot, size, measure }: RingGeometry): Ring[] {
  const rings: Ring[] = [];
  const center = { x: x(oracle.x), y: y(oracle.y) };
  for (const gap of ringLevels(oracle, xDomain, yDomain)) {
    const [rx, ry] = [x(oracle.x + 3 * gap) - center.x, center.y - y(oracle.y + 3 * gap)];
    const sides = ringSides(center, rx, ry, plot);
    const top = ringTop(sides);
    if (!top) continue;
    const width = measure(ringText(gap));
    const label: Box = {
      x: Math.max(plot.x + 2, Math.min(plot.x + plot.width - width - 2, top.x - width / 2)),
      y: top.y,
      width,
      height: size + 4,
    };
    const isFree = rings.every((ring) => !ring.label || overlapArea(ring.label, label) === 0);
    rings.push({ gap, sides, ...(isFree && { label }) });
  }
  return rings;
}
