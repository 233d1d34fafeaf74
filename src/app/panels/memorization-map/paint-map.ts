import type { MapModel } from '../../../lab/localize/map-model';
import { type Pixel, Pixels, pixelOf } from '../../charts/pixels';
import type { Colors } from '../../charts/use-colors';
import type { MapLayout } from './map-layout';

/** A horizontal part of a map, in CSS pixels from its top. */
export interface Band {
  top: number;
  height: number;
}

/** What a map is painted with. */
export interface MapPaint {
  layout: MapLayout;
  band: Band;
  /** Device pixels per CSS pixel. */
  ratio: number;
  /** Units whose cells reach into the band. */
  units: Int32Array;
}

export function mapPaint(model: MapModel, layout: MapLayout, band: Band, ratio: number): MapPaint {
  const { boxes } = layout;
  const [top, bottom] = [band.top - MARGIN, band.top + band.height + MARGIN];
  const units: number[] = [];
  for (const row of layout.rows) {
    if (row.y + row.height < top || row.y > bottom) continue;
    const layer = model.layers[row.layer]!;
    for (const { first, count } of [layer.main, ...layer.extras])
      for (let unit = first; unit < first + count; unit++) {
        const y = boxes[unit * 4 + 1]!;
        if (y < bottom && y + boxes[unit * 4 + 3]! > top) units.push(unit);
      }
  }
  return { layout, band, ratio, units: Int32Array.from(units) };
}

/** Frames reach this far beyond their cells. */
const MARGIN = 4;

/** The picture of a band, empty. */
export function blankMap({ layout, band, ratio }: MapPaint): Pixels {
  return new Pixels(Math.round(layout.width * ratio), Math.round(band.height * ratio));
}

/**
 * What stays while the handle moves: the cells in their colours, and one frame around neighbouring chosen units together, since a frame
 * around each would hide their colours.
 * @param positions per unit, on the scale of 256 colours.
 */
export function paintCells(
  pixels: Pixels,
  paint: MapPaint,
  positions: Float32Array,
  scale: readonly Pixel[],
  { chosen, ink }: { chosen: ReadonlySet<number>; ink: string },
): void {
  const { ratio, units } = paint;
  const framed = chosen.size > 0 ? units.filter((unit) => chosen.has(unit)) : new Int32Array();
  for (const [grown, color] of [
    [3.5, pixelOf(ink)],
    [1.5, 0],
  ] as const) {
    const by = Math.round(grown * ratio);
    for (const unit of framed) {
      const [left, top, right, bottom] = cellOf(paint, unit);
      pixels.fill(left - by, top - by, right + by, bottom + by, color);
    }
  }
  for (const unit of units) {
    const [left, top, right, bottom] = cellOf(paint, unit);
    pixels.fill(left, top, right, bottom, scale[Math.round(positions[unit]! * (scale.length - 1))]!);
  }
}

/**
 * What is selected; painted for every move of the handle. A unit taken whole is outlined whole, one taken in part from its
 * bottom up to that part. A second mask is a dot in the middle of the cell.
 */
export function paintSelection(
  pixels: Pixels,
  paint: MapPaint,
  shares: Float32Array,
  colors: Colors,
  others?: Float32Array,
): void {
  const { layout, ratio, units } = paint;
  const color = pixelOf(colors.forget);
  const line = layout.boxes[2]! >= 8.5 ? 2 : layout.boxes[2]! >= 4.5 ? 1.5 : 1;
  const thick = Math.max(1, Math.round(line * ratio));
  // The outline takes the gap around the cell, so that the colour inside stays visible.
  const gap = Math.max(1, Math.round(0.6 * ratio));
  for (const unit of units) {
    const share = shares[unit]!;
    if (share <= 0) continue;
    const [left, top, right, bottom] = cellOf(paint, unit);
    const part = Math.max(thick, Math.round((bottom - top) * share));
    outline(pixels, left - gap, bottom - part - gap, right + gap, bottom + gap, thick, color);
  }
  if (others) paintDots(pixels, paint, others, colors);
}

function outline(
  pixels: Pixels,
  left: number,
  top: number,
  right: number,
  bottom: number,
  thick: number,
  color: Pixel,
): void {
  pixels.fill(left, top, right, top + thick, color);
  pixels.fill(left, bottom - thick, right, bottom, color);
  pixels.fill(left, top + thick, left + thick, bottom - thick, color);
  pixels.fill(right - thick, top + thick, right, bottom - thick, color);
}

function paintDots(pixels: Pixels, paint: MapPaint, shares: Float32Array, colors: Colors): void {
  const [ink, panel] = [pixelOf(colors.ink), pixelOf(colors.panel)];
  for (const unit of paint.units) {
    const share = shares[unit]!;
    if (share <= 0) continue;
    const [left, top, right, bottom] = cellOf(paint, unit);
    const widest = Math.min(5.2 * paint.ratio, (bottom - top) / 1.3, (right - left) / 1.3);
    // The area follows the share, so that a unit taken in part is a smaller dot.
    const across = Math.max(2, Math.round(widest * Math.max(0.5, Math.sqrt(share))));
    const [x, y] = [Math.round((left + right - across) / 2), Math.round((top + bottom - across) / 2)];
    const rim = Math.max(1, Math.round(paint.ratio / 2));
    disc(pixels, x - rim, y - rim, across + 2 * rim, panel);
    disc(pixels, x, y, across, ink);
  }
}

function disc(pixels: Pixels, left: number, top: number, across: number, color: Pixel): void {
  const r = across / 2;
  for (let row = 0; row < across; row++) {
    const dy = row + 0.5 - r;
    const inset = Math.round(r - Math.sqrt(r * r - dy * dy));
    pixels.fill(left + inset, top + row, left + across - inset, top + row + 1, color);
  }
}

/** A unit's cell in whole device pixels of the band's picture: left, top, right, bottom. */
function cellOf(
  { layout: { boxes }, band, ratio }: MapPaint,
  unit: number,
): readonly [left: number, top: number, right: number, bottom: number] {
  const left = Math.round(boxes[unit * 4]! * ratio);
  const top = Math.round((boxes[unit * 4 + 1]! - band.top) * ratio);
  return [
    left,
    top,
    left + Math.max(1, Math.round(boxes[unit * 4 + 2]! * ratio)),
    top + Math.max(1, Math.round(boxes[unit * 4 + 3]! * ratio)),
  ];
}
