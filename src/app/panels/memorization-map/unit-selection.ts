import { groupOf, type MapModel } from '../../../lab/localize/map-model';

/** How a click or a key adds to what is selected. */
export type SelectMode = 'only' | 'toggle' | 'range';

/**
 * The selection (unit numbers, ascending) after `unit` was clicked: alone, which a second click takes back; added or taken out;
 * or everything from `anchor` to it in the order of the map, added.
 */
export function selectUnit(
  selected: readonly number[],
  unit: number,
  mode: SelectMode,
  anchor: number | undefined,
): number[] {
  const before = new Set(selected);
  if (mode === 'only') return before.size === 1 && before.has(unit) ? [] : [unit];
  if (mode === 'toggle') {
    if (!before.delete(unit)) before.add(unit);
    return ascending(before);
  }
  const from = anchor ?? unit;
  for (let between = Math.min(from, unit); between <= Math.max(from, unit); between++) before.add(between);
  return ascending(before);
}

/** Adds all units of a layer, its normalisation and biases included; takes them out where all of them are selected. */
export function selectLayer(model: MapModel, selected: readonly number[], layer: number): number[] {
  const units = unitsOfLayer(model, layer);
  const before = new Set(selected);
  const remove = units.every((unit) => before.has(unit));
  for (const unit of units) {
    if (remove) before.delete(unit);
    else before.add(unit);
  }
  return ascending(before);
}

export function unitsOfLayer(model: MapModel, layer: number): number[] {
  const { main, extras } = model.layers[layer]!;
  return [main, ...extras].flatMap(({ first, count }) => Array.from({ length: count }, (_, i) => first + i));
}

/** `conv1 · channel 3` for one, `conv1 · 4 channels, 4 γ` within a layer, `24 units in 3 layers` beyond. */
export function selectionText(model: MapModel, selected: readonly number[]): string {
  const layers = new Set(selected.map((unit) => model.layerOf[unit]!));
  if (layers.size > 1) return `${selected.length} units in ${layers.size} layers`;
  const roles = new Map<string, number[]>();
  for (const unit of selected) {
    const { role, first } = groupOf(model, unit);
    roles.set(role, [...(roles.get(role) ?? []), unit - first]);
  }
  const parts = [...roles].map(([role, rows]) => {
    if (rows.length === 1) return `${role} ${rows[0]}`;
    return `${rows.length} ${role === 'channel' ? 'channels' : role}`;
  });
  return `${model.layers[[...layers][0]!]!.name} · ${parts.join(', ')}`;
}

const ascending = (units: Set<number>) => [...units].sort((a, b) => a - b);
