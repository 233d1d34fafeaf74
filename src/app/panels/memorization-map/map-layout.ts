import type { MapLayer, MapModel, UnitGroup } from '../../../lab/localize/map-model';
import { isDeep } from './unit-text';

export interface MapLayoutOptions {
  /** Width for everything. */
  width: number;
  /** Height that the rows should fit into when they can; more layers make the map taller. */
  height: number;
  /** Column of the layers' names at the left; 0 puts each name above its row. */
  labelWidth: number;
  /** Column of the shares at the right. */
  shareWidth: number;
  /** Smallest and largest distance between neighbouring cells. */
  pitch: readonly [number, number];
  /** Smallest and largest height of the channels' cells. */
  cell: readonly [number, number];
  /** Height of the cells of normalisations and biases. */
  small?: number;
}

export interface MapRow {
  layer: number;
  /** Top of its name. */
  labelY: number;
  /** Top of its cells. */
  y: number;
  height: number;
}

/** Where every unit is drawn, in CSS pixels. */
export interface MapLayout {
  width: number;
  height: number;
  left: number;
  rows: MapRow[];
  /** x, y, width, height per unit. */
  boxes: Float32Array;
}

const LABEL_LINE = 17;
/** A row is at least as high as its name. */
const LEAST_ROW = 13;
const ROW_GAP = 6;
const PART_GAP = 16;
const NEARLY = 0.75;

/** One line of a layer: its large cells, and under them the small cells that belong to the same channels. */
function linesOf(layer: MapLayer, perLine: number) {
  const aligned = layer.extras.filter((group) => group.count === layer.main.count);
  const loose = layer.extras.filter((group) => group.count !== layer.main.count);
  return { aligned, loose, lines: Math.ceil(layer.main.count / perLine) };
}

/**
 * As many cells to a line as fit. Where the widest layer wraps, rather a divisor of its channels that is nearly as
 * many: layers are wide by powers of two, and full lines make a calmer map than one short line in each.
 */
function cellsPerLine(widest: number, most: number): number {
  if (widest <= most) return widest;
  for (let count = most; count >= NEARLY * most; count--) if (widest % count === 0) return count;
  return most;
}

/**
 * Rows of equal cells, a row per layer; layers with more channels than fit wrap onto further lines.
 * The cells are as high as the height allows.
 */
export function layoutMap(model: MapModel, options: MapLayoutOptions): MapLayout {
  const { width, height, labelWidth, shareWidth, small = 4 } = options;
  const left = labelWidth;
  const space = Math.max(40, width - labelWidth - shareWidth);
  const widest = Math.max(...model.layers.map((layer) => layer.main.count));
  const [minPitch, maxPitch] = options.pitch;
  const perLine = cellsPerLine(widest, Math.max(1, Math.floor(space / minPitch + 1e-6)));
  const pitch = Math.max(minPitch, Math.min(maxPitch, space / perLine));

  let lineCount = 0;
  let fixed = 0;
  const above = labelWidth === 0 ? LABEL_LINE : 0;
  const deep = isDeep(model);
  const gapAbove = (index: number) => {
    if (index === 0) return 0;
    return deep && model.layers[index]!.part !== model.layers[index - 1]!.part ? PART_GAP : ROW_GAP;
  };
  model.layers.forEach((layer, index) => {
    const { aligned, loose, lines } = linesOf(layer, perLine);
    lineCount += lines;
    fixed += above + gapAbove(index) + lines * (2 + aligned.length * (small + 1));
    for (const group of loose) fixed += Math.ceil(group.count / perLine) * (small + 1);
  });
  const cell = Math.max(options.cell[0], Math.min(options.cell[1], Math.floor((height - fixed) / lineCount)));
  const gap = pitch >= 4 ? 1 : 0.5;

  const boxes = new Float32Array(model.units * 4);
  const place = (group: UnitGroup, y: (line: number) => number, h: number) => {
    for (let i = 0; i < group.count; i++) {
      const line = Math.floor(i / perLine);
      const at = (group.first + i) * 4;
      boxes[at] = left + (i - line * perLine) * pitch;
      boxes[at + 1] = y(line);
      boxes[at + 2] = pitch - gap;
      boxes[at + 3] = h;
    }
  };
  const rows: MapRow[] = [];
  let top = 0;
  model.layers.forEach((layer, index) => {
    const { aligned, loose, lines } = linesOf(layer, perLine);
    const labelY = top + gapAbove(index);
    const y = labelY + above;
    const lineHeight = cell + 2 + aligned.length * (small + 1);
    place(layer.main, (line) => y + line * lineHeight, cell);
    aligned.forEach((group, k) => {
      place(group, (line) => y + line * lineHeight + cell + 1 + k * (small + 1), small);
    });
    let bottom = y + lines * lineHeight;
    for (const group of loose) {
      const start = bottom;
      place(group, (line) => start + line * (small + 1), small);
      bottom += Math.ceil(group.count / perLine) * (small + 1);
    }
    rows.push({ layer: index, labelY, y, height: bottom - y });
    top = above ? bottom : Math.max(bottom, y + LEAST_ROW);
  });
  return { width, height: top + ROW_GAP, left, rows, boxes };
}

/** The unit under a point, with a pixel of tolerance for the gaps; undefined beside the cells. */
export function unitAt(model: MapModel, layout: MapLayout, x: number, y: number): number | undefined {
  const row = layout.rows.find((candidate) => y >= candidate.y - 2 && y < candidate.y + candidate.height + 2);
  if (!row) return undefined;
  const layer = model.layers[row.layer]!;
  for (const group of [layer.main, ...layer.extras])
    for (let unit = group.first; unit < group.first + group.count; unit++) {
      const dx = x - layout.boxes[unit * 4]!;
      const dy = y - layout.boxes[unit * 4 + 1]!;
      if (dx < 0 || dy < 0) continue;
      if (dx < layout.boxes[unit * 4 + 2]! + 1 && dy < layout.boxes[unit * 4 + 3]! + 1) return unit;
    }
  return undefined;
}

/** The unit that an arrow, `[` or `]` leads to from `unit`: within the group, across its lines, or to the next layer. */
export function moveUnit(model: MapModel, layout: MapLayout, unit: number, key: string): number | undefined {
  const index = model.layerOf[unit]!;
  const layer = model.layers[index]!;
  const groups = [layer.main, ...layer.extras];
  const at = groups.findIndex((group) => unit >= group.first && unit < group.first + group.count);
  const group = groups[at]!;
  const inLayer = (next: number) => {
    const target = model.layers[Math.max(0, Math.min(model.layers.length - 1, next))]!.main;
    return target.first + Math.min(target.count - 1, unit - group.first);
  };
  const last = group.first + group.count - 1;
  switch (key) {
    case 'ArrowRight':
      return Math.min(last, unit + 1);
    case 'ArrowLeft':
      return Math.max(group.first, unit - 1);
    case 'Home':
      return group.first;
    case 'End':
      return last;
    case '[':
      return inLayer(index - 1);
    case ']':
      return inLayer(index + 1);
    case 'ArrowDown':
    case 'ArrowUp':
      return nearestInDirection(model, layout, unit, key === 'ArrowDown' ? 1 : -1);
    default:
      return undefined;
  }
}

/** The closest cell above or below, by what is drawn; searched in the unit's layer and its neighbours. */
function nearestInDirection(model: MapModel, layout: MapLayout, unit: number, direction: 1 | -1): number {
  const [x, y] = [layout.boxes[unit * 4]!, layout.boxes[unit * 4 + 1]!];
  const index = model.layerOf[unit]!;
  let best = unit;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const layer of [model.layers[index], model.layers[index + direction]]) {
    if (!layer) continue;
    for (const group of [layer.main, ...layer.extras])
      for (let other = group.first; other < group.first + group.count; other++) {
        const dy = (layout.boxes[other * 4 + 1]! - y) * direction;
        if (dy <= 0.5) continue;
        const distance = dy * 4 + Math.abs(layout.boxes[other * 4]! - x);
        if (distance < bestDistance) {
          best = other;
          bestDistance = distance;
        }
      }
  }
  return best;
}
