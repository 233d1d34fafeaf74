import type { RandomStream } from '../rng';
import type { Mask } from '../tensors';
import { del } from './del';
import type { Localizer } from './localizer';
import { maskOfUnits, type UnitLayout, unitLayout } from './units';

export const random: Localizer = {
  ...del,
  id: 'random',
  label: 'Random channels',
  explanation:
    'The control: as many weights in every tensor as DEL selects there, but in channels drawn at random.',
  formula: 'in every tensor: channels at random until ‖m‖₁ ≥ ‖m_DEL‖₁',
  reference: 'Torkzadehmahani et al. 2025, layer-matched random control; METHOD section 1.4',
  cites: ['torkzadehmahani2025'],
  selectsLargest: false,
  select(context, settings): Mask {
    const matched = del.select(context, settings);
    const layout = unitLayout(context.spec);
    const wanted = layout.tensors.map(({ name }) => matched[name]!.reduce((sum, bit) => sum + bit, 0));
    return maskOfUnits(layout, matchedUnits(layout, drawnUnits(layout, context.random), wanted));
  },
  previewCutter({ ranking: { layout }, cutHead, random: stream }) {
    const drawn = drawnUnits(layout, stream);
    return (alpha) => {
      const matched = cutHead(alpha).shares;
      const wanted = layout.tensors.map(({ firstUnit, rows, rowLength }) => {
        let scalars = 0;
        for (let unit = firstUnit; unit < firstUnit + rows; unit++)
          scalars += Math.round(matched[unit]! * rowLength);
        return scalars;
      });
      const shares = new Float32Array(layout.units);
      for (const unit of matchedUnits(layout, drawn, wanted)) shares[unit] = 1;
      return { shares };
    };
  },
};

/**
 * All units, tensor by tensor, each tensor's in the order in which the control takes them: `[units]`. They are drawn once per tensor,
 * whatever alpha, so that a larger budget only adds to the mask.
 */
function drawnUnits(
  { tensors, units }: UnitLayout,
  stream: (...path: string[]) => RandomStream,
): Uint32Array {
  const drawn = new Uint32Array(units);
  for (const { name, rows, firstUnit } of tensors)
    drawn.set(
      stream('channels', name).shuffle(Int32Array.from({ length: rows }, (_, row) => firstUnit + row)),
      firstUnit,
    );
  return drawn;
}

/** The first drawn units of every tensor that hold at least the wanted number of scalars. @param wanted one per tensor. */
function matchedUnits({ tensors }: UnitLayout, drawn: Uint32Array, wanted: ArrayLike<number>): number[] {
  return tensors.flatMap(({ firstUnit, rowLength }, i) => [
    ...drawn.subarray(firstUnit, firstUnit + Math.ceil(wanted[i]! / rowLength)),
  ]);
}
