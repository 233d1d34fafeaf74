import { localizers, maskStreams } from '../../src/lab/localize';
import { decodeScores } from '../../src/lab/localize/scores-codec';
import { unitLayout, unitName } from '../../src/lab/localize/units';
import type { ModelSpec } from '../../src/lab/nn/spec';
import { defaultSettings, type Settings } from '../../src/lab/settings';
import type { MapRecord } from '../../src/lab/study/result';
import type { Mask } from '../../src/lab/tensors';

/** The mask that the strategy itself selects from recorded scores; one by hand takes the units with a score. */
export function recordedMask(spec: ModelSpec, record: MapRecord, alpha: number, given: Settings = {}): Mask {
  const localizer = localizers.get(record.strategy);
  const scores = decodeScores(spec, record);
  const units = unitLayout(spec).tensors.flatMap(({ name, rows }) =>
    Array.from({ length: rows }, (_, row) => row)
      .filter((row) => scores.values[name]![row]! > 0)
      .map((row) => unitName(name, row)),
  );
  const settings = { ...defaultSettings(localizer.settings), ...given };
  return localizer.select(
    { spec, scores, alpha, random: maskStreams(record.seed) },
    record.strategy === 'manual' ? { ...settings, units } : settings,
  );
}
