import type { MapModel } from './map-model';
import type { MaskCut } from './ranking';

export interface LayerShare {
  layer: string;
  /** Selected share of the layer's scalars, 0 to 1. */
  share: number;
  /** Units of which anything is selected. */
  units: number;
  /** Units in the layer. */
  of: number;
}

/** What a mask takes of every layer, in forward order. */
export function layerShares(model: MapModel, cut: Pick<MaskCut, 'shares'>): LayerShare[] {
  const scalars = new Float64Array(model.layers.length);
  const units = new Int32Array(model.layers.length);
  cut.shares.forEach((share, unit) => {
    if (share <= 0) return;
    const layer = model.layerOf[unit]!;
    scalars[layer]! += share * model.sizes[unit]!;
    units[layer]! += 1;
  });
  return model.layers.map((layer, i) => ({
    layer: layer.name,
    share: scalars[i]! / layer.scalars,
    units: units[i]!,
    of: layer.units,
  }));
}

/**
 * Overlap of two masks: weights in both over weights in either. Exact for whole-unit masks. Where both take part of a
 * unit the two parts are taken as nested, so for those it is an upper bound, and `exact` is false.
 * @returns Jaccard 1 for two empty masks.
 */
export function unitOverlap(
  model: MapModel,
  a: Pick<MaskCut, 'shares'>,
  b: Pick<MaskCut, 'shares'>,
): { jaccard: number; exact: boolean } {
  let both = 0;
  let either = 0;
  let exact = true;
  for (let unit = 0; unit < model.units; unit++) {
    const x = a.shares[unit]!;
    const y = b.shares[unit]!;
    both += Math.min(x, y) * model.sizes[unit]!;
    either += Math.max(x, y) * model.sizes[unit]!;
    if (x > 0 && x < 1 && y > 0 && y < 1) exact = false;
  }
  return { jaccard: either === 0 ? 1 : both / either, exact };
}
