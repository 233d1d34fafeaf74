/** Where direct labels go so that none covers another. All in pixels; deterministic. */

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/**
 * Moves labels along one axis so that they stand at least `gap` apart and inside [low, high], as little as possible:
 * clusters of touching labels are centred on the mean of what they want (pool adjacent violators).
 * @param wanted positions in any order.
 * @returns new positions, in the order given.
 */
export function spread(wanted: readonly number[], gap: number, low: number, high: number): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a]! - wanted[b]! || a - b);
  const clusters: { start: number; members: number[] }[] = [];
  const startOf = (members: number[]) => {
    const mean = members.reduce((sum, member, k) => sum + wanted[member]! - k * gap, 0) / members.length;
    return Math.max(low, Math.min(high - (members.length - 1) * gap, mean));
  };
  for (const index of order) {
    let cluster = { start: startOf([index]), members: [index] };
    for (let last = clusters.at(-1); last && last.start + last.members.length * gap > cluster.start; ) {
      clusters.pop();
      const members = [...last.members, ...cluster.members];
      cluster = { start: startOf(members), members };
      last = clusters.at(-1);
    }
    clusters.push(cluster);
  }
  const placed = [...wanted];
  for (const { start, members } of clusters)
    members.forEach((member, k) => {
      placed[member] = start + k * gap;
    });
  return placed;
}

export interface PointLabel {
  x: number;
  y: number;
  width: number;
  height: number;
}

export function overlapArea(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width > 0 && height > 0 ? width * height : 0;
}

/** How far from their points labels are tried, in pixels, nearest first. */
const BESIDE = [8, 18];

/**
 * Greedy placement of labels beside their points: of eight places around the point at each distance the one that covers least of the
 * obstacles, the labels already placed and the outside of the frame; the nearer place wins a tie.
 * @param labels in order of importance.
 * @param obstacles marks that should stay visible.
 * @param distances how far from their points labels are tried, nearest first
 * @returns the box of each label.
 */
export function placeLabels(
  labels: readonly PointLabel[],
  obstacles: readonly Box[],
  frame: Box,
  distances: readonly number[] = BESIDE,
): Box[] {
  const placed: Box[] = [];
  for (const label of labels) {
    let best: Box | undefined;
    let bestCost = Number.POSITIVE_INFINITY;
    for (const candidate of candidates(label, distances)) {
      const area = candidate.width * candidate.height;
      const outside = area - overlapArea(candidate, frame);
      let cost = outside * 4;
      for (const box of placed) cost += overlapArea(candidate, box) * 3;
      for (const box of obstacles) cost += overlapArea(candidate, box);
      if (cost < bestCost - 1e-6) {
        best = candidate;
        bestCost = cost;
      }
    }
    placed.push(best!);
  }
  return placed;
}

function candidates({ x, y, width, height }: PointLabel, distances: readonly number[]): Box[] {
  const boxes: Box[] = [];
  for (const distance of distances) {
    const right = x + distance;
    const left = x - distance - width;
    const middle = y - height / 2;
    const above = y - distance - height + 2;
    const below = y + distance - 2;
    for (const [bx, by] of [
      [right, middle],
      [x - width / 2, above],
      [left, middle],
      [x - width / 2, below],
      [right - 4, above + 2],
      [right - 4, below - 2],
      [left + 4, above + 2],
      [left + 4, below - 2],
    ] as const)
      boxes.push({ x: bx, y: by, width, height });
  }
  return boxes;
}
