import { type Box, overlapArea, placeLabels } from '../../charts/place-labels';
import { strategyStyle } from '../../charts/strategy-style';
import type { PlaneModel, PlanePoint } from './plane-model';

export interface PlaneLabel {
  key: string;
  text: string;
  color: string;
  box: Box;
  /** Of a name that had to be placed apart from its mark: a line between them. */
  leader?: { x1: number; y1: number; x2: number; y2: number };
}

interface Geometry {
  x: (value: number) => number;
  y: (value: number) => number;
  frame: { left: number; right: number; top: number; bottom: number; width: number; height: number };
  /** Boxes that names keep clear of. */
  taken: readonly Box[];
  /** Of the letters, in pixels. */
  size: number;
  /** Width of a text, in pixels. */
  measure: (text: string) => number;
}

interface Wanted {
  key: string;
  text: string;
  color: string;
  x: number;
  y: number;
}

/** Pixels at either side of a label's letters. */
export const LABEL_PADDING = 2;
/** Of the plane's width, what a label may take at most. */
const WIDEST = 0.4;
/** Of a label's area, what another may cover: the room around its letters. */
const COVERED = 0.08;
/** Where names are tried, in pixels from their marks; from `LED` on a line leads to them. */
const NAME_DISTANCES = [8, 18, 30, 44, 60, 80, 104];
const LED = 14;
/** Budgets stand at their marks or nowhere. */
const BUDGET_DISTANCES = [7, 12];

/** Cut with an ellipsis where it is wider than `most` pixels. */
export function cutToFit(text: string, most: number, width: (text: string) => number): string {
  if (width(text) <= most) return text;
  let length = text.length - 1;
  while (length > 1 && width(`${text.slice(0, length)}…`) > most) length--;
  return `${text.slice(0, length).trimEnd()}…`;
}

/**
 * Labels in order, without those that would lie on one before or leave the frame: their points say their names when they are
 * pointed at.
 */
export function legible<T extends { box: Box }>(labels: readonly T[], frame: Box): T[] {
  const kept: T[] = [];
  for (const label of labels) {
    const area = label.box.width * label.box.height;
    const covered = kept.map(({ box }) => overlapArea(box, label.box));
    if (Math.max(area - overlapArea(frame, label.box), ...covered) <= COVERED * area) kept.push(label);
  }
  return kept;
}

/** Direct labels instead of a legend: names at the end of each line, and budgets along it, clear of marks, lines and of each other. */
export function planeLabels(
  model: PlaneModel,
  { x, y, frame, taken, size, measure }: Geometry,
): { labels: PlaneLabel[]; unnamed: number } {
  const most = WIDEST * (frame.width - frame.left - frame.right);
  const at = (point: PlanePoint) => ({ x: x(point.x.mean), y: y(point.y.mean) });
  const names: Wanted[] = [];
  if (model.oracle)
    names.push({ key: 'oracle', text: 'oracle', color: 'var(--oracle)', ...at(model.oracle) });
  if (model.original)
    names.push({ key: 'original', text: 'original', color: 'var(--original)', ...at(model.original) });
  for (const line of model.lines)
    names.push({
      key: line.key,
      text: cutToFit(line.label, most, measure),
      color: strategyStyle(line.strategy).color,
      ...at(line.points[0]!),
    });
  const last = model.trail.at(-1);
  if (last)
    names.push({
      key: 'trail',
      text: `epoch ${last.epoch}`,
      color: strategyStyle(model.trailStrategy).color,
      x: x(last.x),
      y: Math.min(y(last.y), frame.height - frame.bottom),
    });
  const budgets = model.lines.flatMap((line): Wanted[] =>
    line.points.length < 2 && !line.isCut
      ? []
      : line.points.map((point, i) => ({
          key: `alpha of ${point.group.key}`,
          text: `${i === 0 ? 'α ' : ''}${point.group.alpha}`,
          color: strategyStyle(line.strategy).color,
          ...at(point),
        })),
  );
  const marks = [...names, ...model.lines.flatMap(({ points }) => points.map(at))].map((mark) =>
    boxAround(mark, 5),
  );
  const obstacles = [...taken, ...marks, ...model.lines.flatMap(({ points }) => along(points.map(at)))];
  const inside: Box = {
    x: frame.left,
    y: frame.top - 6,
    width: frame.width - frame.left - frame.right + 6,
    height: frame.height - frame.top - frame.bottom,
  };
  const placed = (wanted: Wanted[], occupied: Box[], distances: number[]): PlaneLabel[] => {
    const boxes = placeLabels(
      wanted.map((label) => ({
        x: label.x,
        y: label.y,
        width: measure(label.text) + 2 * LABEL_PADDING,
        height: size + 3,
      })),
      occupied,
      inside,
      distances,
    );
    return wanted.map((label, i) => ({ ...label, box: boxes[i]!, leader: leaderOf(label, boxes[i]!) }));
  };
  // What is drawn beyond the axes is still in the pane.
  const pane = { x: 0, y: 0, width: frame.width, height: frame.height };
  const named = legible(placed(names, obstacles, NAME_DISTANCES), pane);
  const told = placed(budgets, [...obstacles, ...named.map(({ box }) => box)], BUDGET_DISTANCES).filter(
    ({ box }) =>
      [...taken, ...marks, ...named.map((label) => label.box)].every(
        (other) => overlapArea(other, box) <= COVERED * box.width * box.height,
      ),
  );
  return { labels: [...named, ...legible(told, inside)], unnamed: names.length - named.length };
}

const boxAround = ({ x, y }: { x: number; y: number }, half: number): Box => ({
  x: x - half,
  y: y - half,
  width: 2 * half,
  height: 2 * half,
});

/** Small boxes along a line through these points. */
function along(points: { x: number; y: number }[]): Box[] {
  return points.flatMap((point, i) => {
    const next = points[i + 1];
    if (!next) return [];
    return [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9].map((t) =>
      boxAround({ x: point.x + (next.x - point.x) * t, y: point.y + (next.y - point.y) * t }, 2),
    );
  });
}

/** From a mark to the nearest place of a label's box; undefined where the label stands beside it. */
function leaderOf({ x, y }: { x: number; y: number }, box: Box): PlaneLabel['leader'] {
  const x2 = Math.max(box.x, Math.min(box.x + box.width, x));
  const y2 = Math.max(box.y + 2, Math.min(box.y + box.height - 2, y));
  const length = Math.hypot(x2 - x, y2 - y);
  if (length < LED) return undefined;
  const start = 6 / length;
  return { x1: x + (x2 - x) * start, y1: y + (y2 - y) * start, x2, y2 };
}
