import type { ModelSpec } from '../nn/spec';
import type { MapRecord } from '../study/result';
import { argsortDescending } from './cut/argsort';
import { type Ranking, rankScores } from './cut/ranking';
import { type ScalarSteps, scalarSteps } from './cut/unit-shares';
import { scoreCurve, unitMeans } from './score-summary';
import type { Scores } from './scores';
import { decodeScores, readSummary } from './scores-codec';
import { unitLayout } from './units';

/**
 * What is worked out once per map. Ranking millions of weights takes seconds, so a worker does it; these are plain arrays, which it can
 * hand over.
 */
export interface Preparation {
  ranking: Ranking;
  /** Of a ranking of single weights. */
  steps?: ScalarSteps;
  /** One number per unit; for scores of single weights the mean over the unit: `[units]`. */
  unitScores: Float32Array;
  /** From 1, the unit with the highest score: `[units]`. */
  ranks: Int32Array;
  /** See `scoreCurve`. */
  curve: Float32Array;
}

/** @throws LetheError when the record is of another network or a score is not finite. */
export function prepareMap(spec: ModelSpec, record: MapRecord): Preparation {
  return prepareScores(spec, decodeScores(spec, record), record);
}

/**
 * Ranks scores and their units.
 * @param record what the scores were read from. One with levels keeps only rounded scores of weights, so it also holds the exact scores of
 * the units and the curve, which are taken from there.
 * @throws LetheError when a score is not finite, or the record is of another network.
 */
export function prepareScores(spec: ModelSpec, scores: Scores, record: MapRecord): Preparation {
  const ranking = rankScores(spec, scores);
  const layout = unitLayout(spec);
  const { unitScores, curve } = readSummary(layout, record) ?? {
    unitScores: unitMeans(layout, scores),
    curve: scoreCurve(ranking),
  };
  const ranks = new Int32Array(layout.units);
  argsortDescending(unitScores).forEach((unit, position) => {
    ranks[unit] = position + 1;
  });
  return {
    ranking,
    ...(ranking.granularity === 'parameter' && { steps: scalarSteps(ranking) }),
    unitScores,
    ranks,
    curve,
  };
}

/** The buffers of a preparation, to be transferred to another thread instead of copied. */
export function buffersOf({ ranking, steps, unitScores, ranks, curve }: Preparation): ArrayBufferLike[] {
  const arrays = [ranking.order, ranking.sorted, unitScores, ranks, curve, steps?.counts, steps?.sums];
  return arrays.flatMap((array) => (array ? [array.buffer] : []));
}
