import type { Ranking } from './cut/ranking';
import type { Scores } from './scores';
import { type UnitLayout, unitSizes } from './units';

/** Mean score of every unit: `[units]`. */
export function unitMeans({ tensors, units }: UnitLayout, { granularity, values }: Scores): Float32Array {
  const means = new Float32Array(units);
  for (const { name, rows, rowLength, firstUnit } of tensors) {
    const own = values[name]!;
    const perUnit = granularity === 'channel' ? 1 : rowLength;
    for (let row = 0; row < rows; row++) {
      let sum = 0;
      for (let i = row * perUnit; i < (row + 1) * perUnit; i++) sum += own[i]!;
      means[firstUnit + row] = sum / perUnit;
    }
  }
  return means;
}

/** The score at evenly spaced shares of the weights, most critical first: the area under a part of the curve is that part's summed score. */
export function scoreCurve({ layout, order, sorted, granularity }: Ranking, length = 512): Float32Array {
  const curve = new Float32Array(length);
  const sizes = granularity === 'channel' ? unitSizes(layout) : undefined;
  let position = 0;
  let end = 0;
  for (let i = 0; i < order.length && position < length; i++) {
    end += sizes ? sizes[order[i]!]! : 1;
    while (position < length && ((position + 0.5) / length) * layout.size <= end)
      curve[position++] = sorted[i]!;
  }
  return curve;
}
