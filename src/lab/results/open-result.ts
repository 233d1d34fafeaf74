import { datasetSources } from '../data/sources';
import { decodeScores, readSummary } from '../localize/scores-codec';
import { unitLayout } from '../localize/units';
import { specOf } from '../nn/models';
import type { ModelSpec } from '../nn/spec';
import { LetheError } from '../settings';
import { type ParsedResult, parsePart, parseResult } from '../study/parse-result';
import type { MapRecord } from '../study/result';
import { mapDamage } from '../study/result-damage';
import type { Study } from '../study/study';

/** Reads a `result.json` as `parseResult` does, and drops maps that are not of the study's network. Never throws. */
export function openResult(input: unknown): ParsedResult {
  return parseResult(input, mapProblem);
}

/** Reads a part of a study as `parsePart` does; one with a map that is not of the study's network is refused. Never throws. */
export function openPart(input: unknown): ReturnType<typeof parsePart> {
  return parsePart(input, mapProblem);
}

function mapProblem(study: Study, map: MapRecord): string | undefined {
  const damage = mapDamage(map);
  const spec = damage ? undefined : networkOf(study);
  if (!spec) return damage;
  try {
    decodeScores(spec, map);
    readSummary(unitLayout(spec), map);
    return undefined;
  } catch (error) {
    if (!(error instanceof LetheError)) throw error;
    return `${error.message[0]!.toLowerCase()}${error.message.slice(1)}`;
  }
}

/** undefined where this version does not know the network or its data: its other numbers can be shown all the same. */
function networkOf(study: Study): ModelSpec | undefined {
  const source = datasetSources.find(study.data.source);
  try {
    return source && specOf(study.model, source);
  } catch {
    return undefined;
  }
}
