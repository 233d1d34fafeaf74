import type { ModelSpec } from '../nn/spec';
import { LetheError } from '../settings';
import { decodeFloats, encodeFloats } from '../study/floats';
import type { MapRecord } from '../study/result';
import type { ParameterTensors } from '../tensors';
import type { Scores } from './localizer';
import { unitLayout } from './units';

/** Scores as a study result keeps them. */
export function encodeScores(
  spec: ModelSpec,
  scores: Scores,
  of: { strategy: string; seed: number },
): MapRecord {
  const parts = unitLayout(spec).tensors.map(({ name }) => scores.values[name]!);
  const flat = new Float32Array(parts.reduce((total, part) => total + part.length, 0));
  let position = 0;
  for (const part of parts) {
    flat.set(part, position);
    position += part.length;
  }
  return {
    strategy: of.strategy,
    seed: of.seed,
    granularity: scores.granularity,
    scores: encodeFloats(flat),
    ...(scores.perExample && { perExample: scores.perExample }),
  };
}

/** @throws LetheError when the record is not of this network. */
export function decodeScores(spec: ModelSpec, record: MapRecord): Scores {
  const { tensors, units, size } = unitLayout(spec);
  const flat = decodeFloats(record.scores);
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
