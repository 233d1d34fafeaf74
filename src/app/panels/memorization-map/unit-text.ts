import { groupOf, type MapModel } from '../../../lab/localize/map-model';

/** Layers under names that fit a column: what says nothing is left out. */
export function shortLayerName(name: string): string {
  return name
    .replace(/\.downsample\.0$/, '.downsample')
    .replace(/^to_patch_embedding\.to_/, '')
    .replace(/^transformer\.layers\./, 'block ');
}

/** Whether the network has more layers or units than fit a pane, so that its cells must be small. */
export function isDeep(model: MapModel): boolean {
  return model.layers.length > 30 || model.units > 10_000;
}

/** `layer1.0.conv1 · channel 3`, `conv1 · γ 0`. */
export function unitLabel(model: MapModel, unit: number): string {
  const group = groupOf(model, unit);
  return `${model.layers[model.layerOf[unit]!]!.name} · ${group.role} ${unit - group.first}`;
}
