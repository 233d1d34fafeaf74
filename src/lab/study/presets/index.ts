import { unknownName } from '../../nearest';
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

/** @throws LetheError naming the preset that is likely meant, or all that are listed. */
export function getPreset(id: string): Preset {
  const preset = presets.find((candidate) => candidate.id === id);
  if (preset) return preset;
  const idsOf = (some: readonly Preset[]) => some.map((candidate) => candidate.id);
  const listed = idsOf(presets.filter(({ hidden }) => !hidden));
  throw new LetheError(unknownName('preset', id, idsOf(presets), listed));
}
