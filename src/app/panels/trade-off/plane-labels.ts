import { type Box, overlapArea, placeLabels } from '../../charts/place-labels';
import { strategyStyle } from '../../charts/strategy-style';
import { textSize, textWidth } from '../../charts/text-width';
import type { PlaneModel } from './plane-model';

export interface PlaneLabel {
  key: string;
  text: string;
  color: string;
  box: Box;
}

interface Geometry {
  x: (value: number) => number;
  y: (value: number) => number;
  frame: { left: number; right: number; top: number; bottom: number; width: number; height: number };
}

/** Of the plane's width, what a label may take at most. */
const WIDEST = 0.4;
/** Of a label's area, what another may cover. */
const COVERED = 0.15;

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

/** Direct labels instead of a legend: at the end of each line, clear of marks, lines and of each other. */
export function planeLabels(model: PlaneModel, { x, y, frame }: Geometry): PlaneLabel[] {
  const wanted: { key: string; text: string; color: string; x: number; y: number }[] = [];
  const size = textSize('s');
  const measure = (text: string) => textWidth(text, size);
  const most = WIDEST * (frame.width - frame.left - frame.right);
  const at = (point: { x: { mean: number }; y: { mean: number } }) => ({
    x: x(point.x.mean),
    y: y(point.y.mean),
  });
  if (model.oracle)
    wanted.push({ key: 'oracle', text: 'oracle', color: 'var(--oracle)', ...at(model.oracle) });
  if (model.original)
    wanted.push({ key: 'original', text: 'original', color: 'var(--original)', ...at(model.original) });
  for (const line of model.lines)
    wanted.push({
      key: line.key,
      text: cutToFit(line.label, most, measure),
      color: strategyStyle(line.strategy).color,
      ...at(line.points[0]!),
    });
  const last = model.trail.at(-1);
  if (last)
    wanted.push({
      key: 'trail',
      text: `epoch ${last.epoch}`,
      color: strategyStyle(model.trailStrategy).color,
      x: x(last.x),
      y: Math.min(y(last.y), frame.height - frame.bottom),
    });
  const obstacles: Box[] = wanted.map((mark) => ({ x: mark.x - 8, y: mark.y - 8, width: 16, height: 16 }));
  for (const line of model.lines) {
    const points = line.points.map(at);
    points.forEach((point, i) => {
      obstacles.push({ x: point.x - 5, y: point.y - 5, width: 10, height: 10 });
      const next = points[i + 1];
      for (let t = 0.1; next && t < 1; t += 0.1)
        obstacles.push({
          x: point.x + (next.x - point.x) * t - 2,
          y: point.y + (next.y - point.y) * t - 2,
          width: 4,
          height: 4,
        });
    });
  }
  const inside: Box = {
    x: frame.left,
    y: frame.top - 6,
    width: frame.width - frame.left - frame.right + 6,
    height: frame.height - frame.top - frame.bottom,
  };
  const boxes = placeLabels(
    wanted.map(({ x, y, text }) => ({ x, y, width: measure(text), height: size + 3 })),
    obstacles,
    inside,
  );
  const labels = wanted.map(({ key, text, color }, i) => ({ key, text, color, box: boxes[i]! }));
  // What is drawn beyond the axes is still in the pane.
  const pane = { x: 0, y: 0, width: frame.width, height: frame.height };
  return legible(labels, pane);
}
