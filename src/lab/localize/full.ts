import type { Localizer } from './localizer';
import { maskFromFlat, unitLayout } from './units';

export const full: Localizer = {
  id: 'full',
  label: 'Everything',
  explanation: 'Selects every parameter, as if nothing were localized.',
  formula: 'm = 1',
  reference: 'METHOD section 1.4 (alpha = 1)',
  granularity: 'layer',
  scoresAreRanks: true,
  needs: {},
  usesAlpha: false,
  selectsEverything: true,
  settings: [],
  score: ({ spec }) => ({
    granularity: 'channel',
    values: Object.fromEntries(
      unitLayout(spec).tensors.map(({ name, rows }) => [name, new Float32Array(rows).fill(1)]),
    ),
  }),
  select({ spec }) {
    const layout = unitLayout(spec);
    return maskFromFlat(layout, new Uint8Array(layout.size).fill(1));
  },
};
