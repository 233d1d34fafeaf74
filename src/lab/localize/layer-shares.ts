import type { MapLayer, MapModel } from './map-model';

export interface LayerShare {
  layer: string;
  /** Selected share of the layer's scalars, 0 to 1. */
  share: number;
  /** Units of which anything is selected. */
  units: number;
  /** Units in the layer. */
  layerUnits: number;
}

/** What a mask selects of every layer, in forward order. @param shares selected share of every unit. */
export function layerShares(model: MapModel, shares: Float32Array): LayerShare[] {
  return model.layers.map((layer) => {
    let scalars = 0;
    let units = 0;
    for (const { first, count, size } of [layer.main, ...layer.extras])
      for (let unit = first; unit < first + count; unit++) {
        scalars += shares[unit]! * size;
        if (shares[unit]! > 0) units++;
      }
    return { layer: layer.name, share: scalars / layer.scalars, units, layerUnits: layer.units };
  });
}

/** The selected share of each part of the network (`MapLayer.part`), in forward order. */
export function partShares(
  model: MapModel,
  layers: readonly LayerShare[],
): { part: string; share: number }[] {
  return groupShares(model, layers, ({ part }) => part);
}

/** The selected share of the scalars of each group of layers, in the order in which the groups begin. @param partOf names a layer's group */
export function groupShares(
  model: MapModel,
  layers: readonly LayerShare[],
  partOf: (layer: MapLayer) => string,
): { part: string; share: number }[] {
  const sums = new Map<string, { selected: number; scalars: number }>();
  model.layers.forEach((layer, i) => {
    const part = partOf(layer);
    const sum = sums.get(part) ?? { selected: 0, scalars: 0 };
    sums.set(part, {
      selected: sum.selected + layers[i]!.share * layer.scalars,
      scalars: sum.scalars + layer.scalars,
    });
  });
  return [...sums].map(([part, { selected, scalars }]) => ({ part, share: selected / scalars }));
}
