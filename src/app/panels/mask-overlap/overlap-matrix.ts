import { type BitMask, countBits } from '../../../lab/localize/bit-mask';
import type { Table } from '../../ui/DataTable';
import type { MapLayer, UnitGroup } from '../memorization-map/map-model';
import { cutMap, type MaskCut, type RankedMap } from '../memorization-map/ranking';

/** One strategy's mask at the common budget. */
export interface CutMask {
  map: RankedMap;
  cut: MaskCut;
  alpha: number;
  /** Selected scalars of every tensor, by its name. */
  selected: Map<string, number>;
}

export function cutMask(map: RankedMap, alpha: number): CutMask {
  const cut = cutMap(map, alpha);
  const selected = new Map(
    map.model.groups.map(({ parameter, first, count, size }) => {
      let sum = 0;
      for (let unit = first; unit < first + count; unit++) sum += cut.shares[unit]! * size;
      return [parameter, Math.round(sum)];
    }),
  );
  return { map, cut, alpha, selected };
}

/**
 * Jaccard overlap of two masks of one network, 0 to 1, in a layer or as a whole: scalars in both over scalars in either; 1 where neither
 * selects any.
 */
export function maskOverlap(a: CutMask, b: CutMask, layer?: MapLayer): number {
  const groups = layer ? [layer.main, ...layer.extras] : a.map.model.groups;
  const bits: [BitMask?, BitMask?] = [a.map.bits?.(a.alpha), b.map.bits?.(b.alpha)];
  let both = 0;
  let each = 0;
  for (const group of groups) {
    const [ofA, ofB] = [a, b].map(({ selected }) => selected.get(group.parameter)!) as [number, number];
    each += ofA + ofB;
    if (ofA > 0 && ofB > 0) both += inBoth(a.cut.shares, b.cut.shares, bits, group);
  }
  return each === 0 ? 1 : both / (each - both);
}

/**
 * Scalars of a tensor in both masks. Masks of channels take each unit from its start, so two of them share the smaller part of a unit; only
 * what two masks of single weights share, or one of them and a unit taken in part, is counted bit by bit.
 */
function inBoth(
  a: Float32Array,
  b: Float32Array,
  [bitsA, bitsB]: [BitMask?, BitMask?],
  { first, count, size, offset }: UnitGroup,
): number {
  if (bitsA && bitsB) return countBits(offset, offset + count * size, bitsA, bitsB);
  const bits = bitsA ?? bitsB;
  const channels = bitsA ? b : a;
  let both = 0;
  for (let i = 0; i < count; i++) {
    const unit = first + i;
    const part = channels[unit]!;
    if (bits && part > 0 && part < 1) {
      const start = offset + i * size;
      both += countBits(start, start + Math.round(part * size), bits);
    } else both += Math.round(Math.min(a[unit]!, b[unit]!) * size);
  }
  return both;
}

/** Every pair's overlap: symmetric, 1 on the diagonal. */
export function overlapMatrix(masks: readonly CutMask[]): number[][] {
  const matrix = masks.map(() => masks.map(() => 1));
  for (let i = 0; i < masks.length; i++)
    for (let j = 0; j < i; j++) {
      const value = maskOverlap(masks[i]!, masks[j]!);
      matrix[i]![j] = value;
      matrix[j]![i] = value;
    }
  return matrix;
}

/** Overlap of one mask with each other one in every layer: `[layers][others]`; undefined where neither selects anything. */
export function layerOverlaps(of: CutMask, others: readonly CutMask[]): (number | undefined)[][] {
  return of.map.model.layers.map((layer) =>
    others.map((other) =>
      selects(of, layer) || selects(other, layer) ? maskOverlap(of, other, layer) : undefined,
    ),
  );
}

const selects = ({ cut }: CutMask, { main, extras }: MapLayer): boolean =>
  [main, ...extras].some(({ first, count }) =>
    cut.shares.subarray(first, first + count).some((share) => share > 0),
  );

/** A grid of overlaps as a table of numbers. */
export function gridTable(
  caption: string,
  rows: string[],
  columns: string[],
  values: (number | undefined)[][],
): Table {
  return {
    caption,
    columns: [{ label: ' ', align: 'left' }, ...columns.map((label) => ({ label }))],
    rows: rows.map((row, i) => [row, ...values[i]!.map((value) => value?.toFixed(3) ?? '–')]),
  };
}

/** Black or white, whichever is read better on an `rgb(…)` colour (WCAG 2 contrast; at least 4.5 with one of them). */
export function textColorOn(color: string): 'black' | 'white' {
  const [r, g, b] = color.match(/\d+(\.\d+)?/g)!.map((part) => {
    const value = Number(part) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  const luminance = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) ? 'black' : 'white';
}
