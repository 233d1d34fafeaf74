import type { ModelSpec, ParameterSpec } from '../nn/spec';
import { parseUnitName, unitLayout, unitName, unitSizes } from './units';

/** The units of one parameter tensor: one per row, or one per element of a 1-D tensor. */
export interface UnitGroup {
  parameter: string;
  role: 'channel' | 'γ' | 'β' | 'bias' | 'scale';
  /** Number of its first unit; units are numbered tensor by tensor in parameter order, as a `MapRecord` lists them. */
  first: number;
  count: number;
  /** Scalars in one unit. */
  size: number;
  /** Position of the tensor's first scalar in the flat parameter vector. */
  offset: number;
}

export interface MapLayer {
  name: string;
  /** The part of the network that the layer belongs to: `layer1`, `block 3`, `fc`. */
  part: string;
  /** The weighted tensor: the large cells. */
  main: UnitGroup;
  /** Normalisation and bias: the small cells. */
  extras: UnitGroup[];
  scalars: number;
  units: number;
}

/** A network as the map draws it: layers in forward order, units in parameter order. */
export interface MapModel {
  layers: MapLayer[];
  /** In parameter order. */
  groups: UnitGroup[];
  units: number;
  scalars: number;
  /** Scalars per unit. */
  sizes: Uint32Array;
  /** Layer of each unit. */
  layerOf: Int32Array;
}

function roleOf({ name, kind }: ParameterSpec): UnitGroup['role'] {
  if (kind === 'norm') return name.endsWith('.bias') ? 'β' : 'γ';
  if (kind === 'bias') return 'bias';
  return kind === 'scalar' ? 'scale' : 'channel';
}

export function mapModel(spec: ModelSpec): MapModel {
  const layout = unitLayout(spec);
  const groups = layout.tensors.map(
    ({ name, firstUnit, rows, rowLength, firstScalar }, index): UnitGroup => ({
      parameter: name,
      role: roleOf(spec.parameters[index]!),
      first: firstUnit,
      count: rows,
      size: rowLength,
      offset: firstScalar,
    }),
  );
  const byName = new Map(groups.map((group) => [group.parameter, group]));
  const layerOf = new Int32Array(layout.units);
  const layers = spec.layers.map((layer, index): MapLayer => {
    const [main, ...extras] = layer.parameters.map((name) => byName.get(name)!);
    const own = [main!, ...extras];
    for (const group of own) layerOf.fill(index, group.first, group.first + group.count);
    return {
      name: layer.name,
      part: partOf(layer.name),
      main: main!,
      extras,
      scalars: own.reduce((sum, group) => sum + group.count * group.size, 0),
      units: own.reduce((sum, group) => sum + group.count, 0),
    };
  });
  return { layers, groups, units: layout.units, scalars: layout.size, sizes: unitSizes(layout), layerOf };
}

/** Part of the network that a layer belongs to: a stage of a ResNet, the embedding or a block of a ViT, or what stands alone. */
function partOf(layer: string): string {
  if (/^(to_patch_embedding\.|cls_token$|pos_embedding$)/.test(layer)) return 'embedding';
  return layer.replace(/^transformer\.layers\.(\d+)\..*/, 'block $1').replace(/\..*/, '');
}

/** The group that a unit belongs to. */
export function groupOf(model: MapModel, unit: number): UnitGroup {
  const layer = model.layers[model.layerOf[unit]!]!;
  return (
    [layer.main, ...layer.extras].find((group) => unit >= group.first && unit < group.first + group.count) ??
    layer.main
  );
}

/** Numbers of the named units, ascending; names that this network does not have are left out. */
export function unitNumbers(model: MapModel, names: readonly string[]): number[] {
  const units = names.flatMap((name) => {
    const { tensor, row } = parseUnitName(name);
    const group = model.groups.find(({ parameter }) => parameter === tensor);
    return group && row < group.count ? [group.first + row] : [];
  });
  return units.sort((a, b) => a - b);
}

/** 1 for every named unit; names that this network does not have are left out. */
export function unitsByName(model: MapModel, names: readonly string[]): Float32Array {
  const marks = new Float32Array(model.units);
  for (const unit of unitNumbers(model, names)) marks[unit] = 1;
  return marks;
}

/** The unit's name, as settings and links write it: `conv1.weight:3`. */
export function manualName(model: MapModel, unit: number): string {
  const group = groupOf(model, unit);
  return unitName(group.parameter, unit - group.first);
}
