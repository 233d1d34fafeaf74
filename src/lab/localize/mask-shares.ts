import type { ModelSpec } from '../nn/spec';
import type { Mask } from '../tensors';
import { unitLayout } from './units';

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

/** Share of all scalars that the mask selects, 0 to 1. */
export function maskShare(mask: Mask): number {
  let ones = 0;
  let size = 0;
  for (const bits of Object.values(mask)) {
    size += bits.length;
    for (const bit of bits) ones += bit;
  }
  return ones / size;
}
