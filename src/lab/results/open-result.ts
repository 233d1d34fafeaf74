import { datasetSources } from '../data/sources';
import { localizers } from '../localize';
import { unitLayout } from '../localize/units';
import { specOf } from '../nn/models';
import type { ModelSpec } from '../nn/spec';
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
  const { strategy, granularity, scores, levels } = map;
  const localizer = localizers.find(strategy);
  // Ranks within tensors are those of single weights only.
  if (localizer?.scoresAreRanks && localizer.granularity === 'parameter' && granularity === 'channel')
    return `the map of ${strategy} tells of channels, and the strategy of single weights`;
  const { units, size } = unitLayout(spec);
  const held = levels ? bytesIn(levels.weights) : bytesIn(scores) / 4;
  const expected = granularity === 'channel' ? units : size;
  if (held !== expected)
    return `the map of ${strategy} holds ${held} scores, but the network of the study needs ${expected}`;
  if (levels && bytesIn(levels.units) !== 4 * units)
    return `the map of ${strategy} tells of ${bytesIn(levels.units) / 4} units, but the network of the study has ${units}`;
  return undefined;
}

/** How many bytes a base64 text stands for, read off its length: a map may hold millions. */
const bytesIn = (base64: string): number => Math.floor((base64.replace(/=+$/, '').length * 3) / 4);

/** undefined where this version does not know the network or its data: its other numbers can be shown all the same. */
function networkOf(study: Study): ModelSpec | undefined {
  const source = datasetSources.find(study.data.source);
  try {
    return source && specOf(study.model, source);
  } catch {
    return undefined;
  }
}
