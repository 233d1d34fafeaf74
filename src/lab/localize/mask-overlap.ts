import { type BitMask, countBits } from './cut/bit-mask';
import type { MapLayer, UnitGroup } from './map-model';
import { cutMap, type MaskCut, type RankedMap } from './ranked-map';

/** One strategy's mask at an alpha. */
export interface CutMask {
  map: RankedMap;
  maskCut: MaskCut;
  alpha: number;
  /** Selected scalars of every tensor, by its name. */
  selected: Map<string, number>;
}

export function cutMask(map: RankedMap, alpha: number): CutMask {
  const maskCut = cutMap(map, alpha);
  const selected = new Map(
    map.model.groups.map(({ parameter, first, count, size }) => {
      let sum = 0;
      for (let unit = first; unit < first + count; unit++) sum += maskCut.shares[unit]! * size;
      return [parameter, Math.round(sum)];
    }),
  );
  return { map, maskCut, alpha, selected };
}

/**
 * Jaccard overlap of two masks of one network, 0 to 1, in a layer or as a whole: scalars in both over scalars in either; 1 where neither
 * selects any.
 */
export function maskOverlap(a: CutMask, b: CutMask, layer?: MapLayer): number {
  const groups = layer ? [layer.main, ...layer.extras] : a.map.model.groups;
  const bits: [BitMask?, BitMask?] = [a.map.cutBits?.(a.alpha), b.map.cutBits?.(b.alpha)];
  let both = 0;
  let each = 0;
  for (const group of groups) {
    const [ofA, ofB] = [a, b].map(({ selected }) => selected.get(group.parameter)!) as [number, number];
    each += ofA + ofB;
    if (ofA > 0 && ofB > 0) both += scalarsInBoth(a.maskCut.shares, b.maskCut.shares, bits, group);
  }
  return each === 0 ? 1 : both / (each - both);
}

/**
 * Scalars of a tensor in both masks. Counting them all bit by bit would be slow. Masks of channels select each unit from its first scalar
 * on, so two of them share the smaller part of a unit, and a mask of single weights shares its own part with a unit that is selected
 * whole. Bits are counted only for two masks of single weights, and for one of them with a unit selected in part.
 */
function scalarsInBoth(
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
export function layerOverlaps(mask: CutMask, others: readonly CutMask[]): (number | undefined)[][] {
  return mask.map.model.layers.map((layer) =>
    others.map((other) =>
      selects(mask, layer) || selects(other, layer) ? maskOverlap(mask, other, layer) : undefined,
    ),
  );
}

const selects = ({ maskCut }: CutMask, { main, extras }: MapLayer): boolean =>
  [main, ...extras].some(({ first, count }) =>
    maskCut.shares.subarray(first, first + count).some((share) => share > 0),
  );
