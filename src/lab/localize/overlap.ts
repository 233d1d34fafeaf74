import type { ModelSpec } from '../nn/spec';
import type { Mask } from '../tensors';
import type { Scores } from './localizer';
import { unitLayout } from './units';

/**
 * Scalars that both masks select over scalars that either selects, 0 to 1; 1 for two empty masks.
 * @param names the parameters that are looked at; all by default.
 */
export function jaccard(a: Mask, b: Mask, names: readonly string[] = Object.keys(a)): number {
  let both = 0;
  let either = 0;
  for (const name of names) {
    const bits = a[name]!;
    const others = b[name]!;
    for (let i = 0; i < bits.length; i++) {
      both += bits[i]! & others[i]!;
      either += bits[i]! | others[i]!;
    }
  }
  return either === 0 ? 1 : both / either;
}

/** Share of each unit's scalars that the mask selects, 0 to 1, in the order of the map: `[units]`. */
export function unitShares(spec: ModelSpec, mask: Mask): Float32Array {
  const { tensors, units } = unitLayout(spec);
  const shares = new Float32Array(units);
  for (const { name, rows, rowLength, firstUnit } of tensors) {
    const bits = mask[name]!;
    for (let row = 0; row < rows; row++) {
      let ones = 0;
      for (let i = row * rowLength; i < (row + 1) * rowLength; i++) ones += bits[i]!;
      shares[firstUnit + row] = ones / rowLength;
    }
  }
  return shares;
}

/** How much of a layer or of the whole network a mask selects. */
export interface Selection {
  /** Scalars. */
  selected: number;
  size: number;
  /** `selected / size`. */
  share: number;
  /** Units of which at least one scalar is selected. */
  unitsSelected: number;
  units: number;
}

export interface LayerSelection extends Selection {
  layer: string;
}

/** What the mask selects in each layer, in forward order. */
export function layerSelections(spec: ModelSpec, mask: Mask): LayerSelection[] {
  const shares = unitShares(spec, mask);
  const byName = new Map(unitLayout(spec).tensors.map((tensor) => [tensor.name, tensor]));
  return spec.layers.map(({ name, parameters }) => {
    const selection = { layer: name, selected: 0, size: 0, share: 0, unitsSelected: 0, units: 0 };
    for (const parameter of parameters) {
      const { rows, rowLength, size, firstUnit } = byName.get(parameter)!;
      selection.size += size;
      selection.units += rows;
      for (const share of shares.subarray(firstUnit, firstUnit + rows)) {
        selection.selected += Math.round(share * rowLength);
        if (share > 0) selection.unitsSelected++;
      }
    }
    selection.share = selection.selected / selection.size;
    return selection;
  });
}

/** What the mask selects in the whole network, and which share of all scores it carries (when scores are given). */
export function wholeSelection(
  spec: ModelSpec,
  mask: Mask,
  scores?: Scores,
): Selection & { scoreShare?: number } {
  const layers = layerSelections(spec, mask);
  const sum = (field: 'selected' | 'size' | 'unitsSelected' | 'units') =>
    layers.reduce((total, layer) => total + layer[field], 0);
  const selected = sum('selected');
  const size = sum('size');
  return {
    selected,
    size,
    share: selected / size,
    unitsSelected: sum('unitsSelected'),
    units: sum('units'),
    ...(scores ? { scoreShare: scoreShare(spec, mask, scores) } : {}),
  };
}

function scoreShare(spec: ModelSpec, mask: Mask, scores: Scores): number {
  const shares = unitShares(spec, mask);
  let carried = 0;
  let total = 0;
  for (const { name, firstUnit } of unitLayout(spec).tensors)
    scores.values[name]!.forEach((score, i) => {
      total += score;
      carried += score * (scores.granularity === 'channel' ? shares[firstUnit + i]! : mask[name]![i]!);
    });
  return total === 0 ? 0 : carried / total;
}
