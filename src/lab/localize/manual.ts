import type { ModelSpec } from '../nn/spec';
import { LetheError, type Settings } from '../settings';
import type { Localizer } from './localizer';
import { findUnit, maskOfUnits, type UnitLayout, unitLayout, unitName } from './units';

export const manual: Localizer = {
  id: 'manual',
  label: 'Picked by hand',
  explanation: 'Selects exactly the units you pick on the map.',
  formula: 'm = the picked units',
  reference: 'ours',
  granularity: 'channel',
  needs: {},
  usesAlpha: false,
  settings: [
    {
      kind: 'units',
      name: 'units',
      label: 'Units',
      help: 'Output channels, neurons or single norm and bias entries, written as parameter:row.',
      default: [],
    },
  ],
  score({ spec }, settings) {
    const { layout, units } = unitsOf(spec, settings);
    return {
      granularity: 'channel',
      values: Object.fromEntries(
        layout.tensors.map(({ name, rows, firstUnit }) => [
          name,
          Float32Array.from({ length: rows }, (_, row) => (units.has(firstUnit + row) ? 1 : 0)),
        ]),
      ),
    };
  },
  select({ spec }, settings) {
    const { layout, units } = unitsOf(spec, settings);
    return maskOfUnits(layout, units);
  },
  pickedUnits: ({ values }) =>
    Object.entries(values).flatMap(([parameter, scores]) =>
      [...scores.keys()].filter((row) => scores[row]! > 0).map((row) => unitName(parameter, row)),
    ),
};

function unitsOf(spec: ModelSpec, settings: Settings): { layout: UnitLayout; units: Set<number> } {
  const layout = unitLayout(spec);
  const units = new Set((settings.units as string[]).map((name) => findUnit(layout, name)));
  if (units.size === 0) throw new LetheError('Pick at least one unit on the map for a mask by hand.');
  return { layout, units };
}
