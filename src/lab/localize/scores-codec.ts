import type { ModelSpec } from '../nn/spec';
import { LetheError } from '../settings';
import { decodeBytes, decodeFloats, encodeBytes, encodeFloats } from '../study/floats';
import type { MapRecord } from '../study/result';
import type { ParameterTensors } from '../tensors';
import { rankScores } from './cut/ranking';
import { levelsOf, scoresOfLevels } from './score-levels';
import { scoreCurve, unitMeans } from './score-summary';
import type { Scores } from './scores';
import { type UnitLayout, unitLayout } from './units';

/** A result keeps a byte of each weight's score instead of a float when there are at least so many. */
const MANY = 10_000;

/** Scores as a study result keeps them; of many single weights as levels. @throws LetheError when one of these is not finite. */
export function encodeScores(
  spec: ModelSpec,
  scores: Scores,
  origin: { strategy: string; seed: number },
): MapRecord {
  const { granularity, perExample, values } = scores;
  const about = { strategy: origin.strategy, seed: origin.seed, granularity };
  const rest = perExample && { perExample };
  const { tensors, size } = unitLayout(spec);
  if (granularity === 'parameter' && size >= MANY) {
    const ranking = rankScores(spec, scores);
    const { means, levels } = levelsOf(ranking.order, ranking.sorted);
    const levelRecord = {
      weights: encodeBytes(levels),
      units: encodeFloats(unitMeans(ranking.layout, scores)),
      curve: encodeFloats(scoreCurve(ranking)),
    };
    return { ...about, scores: encodeFloats(means), levels: levelRecord, ...rest };
  }
  const parts = tensors.map(({ name }) => values[name]!);
  const flat = new Float32Array(parts.reduce((total, part) => total + part.length, 0));
  let position = 0;
  for (const part of parts) {
    flat.set(part, position);
    position += part.length;
  }
  return { ...about, scores: encodeFloats(flat), ...rest };
}

/** How many scores a record holds, read off its length without decoding it. */
export function countOfRecord({ scores, levels }: MapRecord): number {
  return Math.floor(levels ? (levels.weights.length * 3) / 4 : (scores.length * 3) / 16);
}

/**
 * The units' scores, `[units]`, and the curve that a record with levels holds; undefined for other records.
 * @throws LetheError when it is not of this network.
 */
export function readSummary(
  { units }: UnitLayout,
  { strategy, levels }: MapRecord,
): { unitScores: Float32Array; curve: Float32Array } | undefined {
  if (!levels) return undefined;
  const unitScores = decodeFloats(levels.units);
  if (unitScores.length !== units)
    throw new LetheError(
      `The ${strategy} map tells of ${unitScores.length} units, but this network has ${units}.`,
    );
  return { unitScores, curve: decodeFloats(levels.curve) };
}

/** @throws LetheError when the record is not of this network. */
export function decodeScores(spec: ModelSpec, record: MapRecord): Scores {
  const { tensors, units, size } = unitLayout(spec);
  const flat = flatScores(record);
  const expected = record.granularity === 'channel' ? units : size;
  if (flat.length !== expected)
    throw new LetheError(
      `The ${record.strategy} map holds ${flat.length} scores, but this network needs ${expected}.`,
    );
  const values = tensors.map(({ name, rows, firstUnit, firstScalar, size: length }) =>
    record.granularity === 'channel'
      ? [name, flat.subarray(firstUnit, firstUnit + rows)]
      : [name, flat.subarray(firstScalar, firstScalar + length)],
  );
  const { granularity, perExample } = record;
  return { granularity, values: Object.fromEntries(values), ...(perExample && { perExample }) };
}

function flatScores({ strategy, scores, levels }: MapRecord): Float32Array {
  const values = decodeFloats(scores);
  if (!levels) return values;
  const read = { means: values, levels: decodeBytes(levels.weights) };
  if (read.levels.some((level) => level >= values.length))
    throw new LetheError(`The ${strategy} map names a level of scores that it does not hold.`);
  return scoresOfLevels(read);
}

/**
 * The tensors of a scores file: per parameter its score at every scalar (a channel's score spread over its row), and
 * `G.<name>`, the raw accumulated gradient, when there is one.
 */
export function scoresFile(spec: ModelSpec, scores: Scores, gradient?: ParameterTensors): ParameterTensors {
  const file: ParameterTensors = {};
  unitLayout(spec).tensors.forEach(({ name, size, rowLength }, index) => {
    const { shape } = spec.parameters[index]!;
    const values = scores.values[name]!;
    const stride = scores.granularity === 'channel' ? rowLength : 1;
    const data = Float32Array.from({ length: size }, (_, i) => values[Math.floor(i / stride)]!);
    file[name] = { shape, data };
    if (gradient) file[`G.${name}`] = gradient[name]!;
  });
  return file;
}
