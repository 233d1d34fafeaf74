import type { ModelSpec } from '../nn/spec';
import type { MapRecord } from '../study/result';
import type { Scores } from './localizer';
import { decodeScores } from './scores-codec';
import { argsortDescending, type Ranking, rank } from './select';
import { type ScalarSteps, scalarSteps, unitSizes } from './unit-cuts';
import { type UnitLayout, unitLayout } from './units';

/** What is worked out once per map, as plain arrays: a ranking of millions of weights takes seconds. */
export interface Preparation {
  ranking: Ranking;
  /** Of a ranking of single weights. */
  steps?: ScalarSteps;
  /** One number per unit; for scores of single weights the mean over the unit: `[units]`. */
  unitScores: Float32Array;
  /** From 1, the unit with the highest score: `[units]`. */
  ranks: Int32Array;
  /** Score at evenly spaced shares of the weights, most critical first, so that area is summed score. */
  curve: Float32Array;
}

/** @throws LetheError when the record is of another network or a score is not finite. */
export function prepareMap(spec: ModelSpec, record: MapRecord): Preparation {
  return prepareScores(spec, decodeScores(spec, record));
}

/** Ranks scores and their units. @throws LetheError when a score is not finite. */
export function prepareScores(spec: ModelSpec, scores: Scores): Preparation {
  const ranking = rank(spec, scores);
  const layout = unitLayout(spec);
  const unitScores = unitMeans(layout, scores);
  const ranks = new Int32Array(layout.units);
  argsortDescending(unitScores).forEach((unit, position) => {
    ranks[unit] = position + 1;
  });
  return {
    ranking,
    ...(ranking.granularity === 'parameter' && { steps: scalarSteps(ranking) }),
    unitScores,
    ranks,
    curve: scoreCurve(ranking),
  };
}

/** Everything in it that can be handed over to another thread. */
export function buffersOf({ ranking, steps, unitScores, ranks, curve }: Preparation): ArrayBufferLike[] {
  const arrays = [ranking.order, ranking.sorted, unitScores, ranks, curve, steps?.counts, steps?.sums];
  return arrays.flatMap((array) => (array ? [array.buffer] : []));
}

function unitMeans({ tensors, units }: UnitLayout, { granularity, values }: Scores): Float32Array {
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

function scoreCurve({ layout, order, sorted, granularity }: Ranking, length = 512): Float32Array {
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
