import type { Mask } from '../tensors';
import { del } from './del';
import type { Localizer } from './localizer';
import { maskOfUnits, unitLayout } from './units';

export const random: Localizer = {
  ...del,
  id: 'random',
  label: 'Random channels',
  explanation:
    'The control: as many weights in every tensor as DEL selects there, but in channels drawn at random.',
  formula: 'in every tensor: channels at random until ‖m‖₁ ≥ ‖m_DEL‖₁',
  reference: 'Torkzadehmahani et al. 2025, layer-matched random control; METHOD section 1.4',
  selectsLargest: false,
  select(context, settings): Mask {
    const matched = del.select(context, settings);
    const layout = unitLayout(context.spec);
    const units: number[] = [];
    for (const { name, rows, rowLength, firstUnit } of layout.tensors) {
      let wanted = 0;
      for (const bit of matched[name]!) wanted += bit;
      // One draw per tensor, whatever alpha: a larger budget adds to the mask and never swaps.
      const drawn = context
        .random('channels', name)
        .shuffle(Int32Array.from({ length: rows }, (_, row) => row));
      for (const row of drawn.subarray(0, Math.ceil(wanted / rowLength))) units.push(firstUnit + row);
    }
    return maskOfUnits(layout, units);
  },
};
