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

/** Layers under names that fit a column: `layer1.0.downsample.0` loses the index that says nothing. */
export function shortLayerName(name: string): string {
  return name.replace(/\.downsample\.0$/, '.downsample').replace(/^transformer\.layers\./, 'block ');
}
