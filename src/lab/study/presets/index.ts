import { LetheError } from '../../settings';
import { deeper } from './deeper';
import { demoPresets } from './demo';
import { codePresets, fullScalePresets, smokePresets } from './full-scale';
import { orderingsPresets } from './paper-orderings';
import type { Preset } from './preset';

export { PRESET_GROUPS } from './preset';
export type { Preset };

/** Ready studies, the default first. */
export const presets: readonly Preset[] = [
  ...demoPresets,
  deeper,
  ...orderingsPresets,
  ...fullScalePresets,
  ...codePresets,
  ...smokePresets,
];

/** @throws LetheError naming the known presets. */
export function getPreset(id: string): Preset {
  const preset = presets.find((candidate) => candidate.id === id);
  if (preset) return preset;
  const known = presets.filter(({ hidden }) => !hidden).map((candidate) => candidate.id);
  throw new LetheError(`There is no preset "${id}"; known are: ${known.join(', ')}.`);
}
