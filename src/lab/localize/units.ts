import type { ModelSpec } from '../nn/spec';
import { LetheError } from '../settings';
import { type Mask, sizeOf } from '../tensors';

/** Where one parameter's units stand: its rows (output channels) if it has 2 or more dimensions, else its elements. */
export interface UnitTensor {
  name: string;
  rows: number;
  /** Scalars per row; 1 for tensors with fewer than 2 dimensions. */
  rowLength: number;
  size: number;
  /** Position of the first row among all units, and of the first scalar among all scalars. */
  firstUnit: number;
  firstScalar: number;
}

/** All units of a network in parameter order: the order of maps, rankings and tie-breaks. */
export interface UnitLayout {
  tensors: UnitTensor[];
  units: number;
  /** Number of scalars, p. */
  size: number;
}

export function unitLayout(spec: ModelSpec): UnitLayout {
  let units = 0;
  let size = 0;
  const tensors = spec.parameters.map(({ name, shape }): UnitTensor => {
    const length = sizeOf(shape);
    const rows = shape.length >= 2 ? shape[0]! : length;
    const tensor = {
      name,
      rows,
      rowLength: length / rows,
      size: length,
      firstUnit: units,
      firstScalar: size,
    };
    units += rows;
    size += length;
    return tensor;
  });
  return { tensors, units, size };
}

/** First scalar of every unit, and p at the end: `[units + 1]`. */
export function unitStarts(layout: UnitLayout): Uint32Array {
  const starts = new Uint32Array(layout.units + 1);
  for (const { firstUnit, firstScalar, rows, rowLength } of layout.tensors)
    for (let row = 0; row < rows; row++) starts[firstUnit + row] = firstScalar + row * rowLength;
  starts[layout.units] = layout.size;
  return starts;
}

/** Scalars of every unit: `[units]`. */
export function unitSizes({ tensors, units }: UnitLayout): Uint32Array {
  const sizes = new Uint32Array(units);
  for (const { firstUnit, rows, rowLength } of tensors) sizes.fill(rowLength, firstUnit, firstUnit + rows);
  return sizes;
}

/**
 * Position of a scalar's tensor in the layout. Searching for that of each of millions of scalars would be slow, so a table over blocks of
 * scalars says where to start looking.
 */
export function tensorFinder({ tensors, size }: UnitLayout): (scalar: number) => number {
  const BLOCK = 6;
  const tensorAt = new Uint16Array((size >> BLOCK) + 1);
  const ends = Uint32Array.from(tensors, ({ firstScalar, size: length }) => firstScalar + length);
  let tensor = 0;
  for (let block = 0; block < tensorAt.length; block++) {
    while (tensor < ends.length - 1 && ends[tensor]! <= block << BLOCK) tensor++;
    tensorAt[block] = tensor;
  }
  return (scalar) => {
    let at = tensorAt[scalar >> BLOCK]!;
    while (ends[at]! <= scalar) at++;
    return at;
  };
}

/** Number of a scalar's unit. */
export function unitFinder(layout: UnitLayout): (scalar: number) => number {
  const { tensors } = layout;
  const tensorOf = tensorFinder(layout);
  const firstUnits = Uint32Array.from(tensors, ({ firstUnit }) => firstUnit);
  const firstScalars = Uint32Array.from(tensors, ({ firstScalar }) => firstScalar);
  const lengths = Uint32Array.from(tensors, ({ rowLength }) => rowLength);
  return (scalar) => {
    const at = tensorOf(scalar);
    return firstUnits[at]! + Math.floor((scalar - firstScalars[at]!) / lengths[at]!);
  };
}

/** A unit's name, as settings and links write it: `layer1.0.conv1.weight:3`. */
export function unitName(tensor: string, row: number): string {
  return `${tensor}:${row}`;
}

/** The tensor and the row that a unit's name consists of; a row that is no whole number is NaN. */
export function parseUnitName(name: string): { tensor: string; row: number } {
  const colon = name.lastIndexOf(':');
  const row = name.slice(colon + 1);
  return { tensor: name.slice(0, colon), row: /^\d+$/.test(row) ? Number(row) : Number.NaN };
}

/** The number of a named unit among all units. @throws LetheError when the network has no such unit. */
export function findUnit(layout: UnitLayout, name: string): number {
  const { tensor: parameter, row } = parseUnitName(name);
  const tensor = layout.tensors.find((candidate) => candidate.name === parameter);
  if (!tensor) throw new LetheError(`"${name}" names no unit: this network has no parameter of that name.`);
  if (!(row < tensor.rows))
    throw new LetheError(`"${name}" names no unit: ${tensor.name} has units 0 to ${tensor.rows - 1}.`);
  return tensor.firstUnit + row;
}

/** Splits one byte per scalar, all parameters one after the other, into a mask. Its tensors are views of `flat`. */
export function maskFromFlat(layout: UnitLayout, flat: Uint8Array): Mask {
  return Object.fromEntries(
    layout.tensors.map(({ name, firstScalar, size }) => [
      name,
      flat.subarray(firstScalar, firstScalar + size),
    ]),
  );
}

/** A mask of whole units. */
export function maskOfUnits(layout: UnitLayout, units: Iterable<number>): Mask {
  const flat = new Uint8Array(layout.size);
  const starts = unitStarts(layout);
  for (const unit of units) flat.fill(1, starts[unit]!, starts[unit + 1]!);
  return maskFromFlat(layout, flat);
}
