import { jaccard } from '../../../lab/localize/overlap';
import type { Mask } from '../../../lab/tensors';
import type { Table } from '../../charts/DataTable';
import type { MapLayer } from '../memorization-map/map-model';
import { cutMap, type MaskCut, type RankedMap, shareOverlap } from '../memorization-map/ranking';

/** One strategy's mask at the common budget; single weights are only spelled out where they are compared. */
export interface CutMask {
  map: RankedMap;
  cut: MaskCut;
  mask(): Mask;
}

export function cutMask(map: RankedMap, alpha: number): CutMask {
  let mask: Mask | undefined;
  return { map, cut: cutMap(map, alpha), mask: () => (mask ??= map.select(alpha)) };
}

/** Jaccard overlap of two masks of one network, 0 to 1, in a layer or as a whole. */
export function overlap(a: CutMask, b: CutMask, layer?: MapLayer): number {
  const { model } = a.map;
  const groups = layer ? [layer.main, ...layer.extras] : model.groups;
  if (a.map.ranking.granularity === 'channel' && b.map.ranking.granularity === 'channel')
    return shareOverlap(model, a.cut.shares, b.cut.shares, groups);
  return jaccard(
    a.mask(),
    b.mask(),
    groups.map(({ parameter }) => parameter),
  );
}

/** Every pair's overlap: symmetric, 1 on the diagonal. */
export function overlapMatrix(masks: readonly CutMask[]): number[][] {
  const matrix = masks.map(() => masks.map(() => 1));
  for (let i = 0; i < masks.length; i++)
    for (let j = 0; j < i; j++) {
      const value = overlap(masks[i]!, masks[j]!);
      matrix[i]![j] = value;
      matrix[j]![i] = value;
    }
  return matrix;
}

/** Overlap of one mask with each other one in every layer: `[layers][others]`; undefined where neither selects anything. */
export function layerOverlaps(of: CutMask, others: readonly CutMask[]): (number | undefined)[][] {
  return of.map.model.layers.map((layer) =>
    others.map((other) =>
      selects(of, layer) || selects(other, layer) ? overlap(of, other, layer) : undefined,
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
export function textOn(color: string): 'black' | 'white' {
  const [r, g, b] = color.match(/\d+(\.\d+)?/g)!.map((part) => {
    const value = Number(part) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  const luminance = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) ? 'black' : 'white';
}
