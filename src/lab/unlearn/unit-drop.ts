import type { ModelSpec } from '../nn/spec';
import type { Checkpoint, Mask } from '../tensors';
import { maskOf, type Unlearner } from './unlearner';

export const unitDrop: Unlearner = {
  id: 'unit-drop',
  label: 'Unit drop',
  explanation:
    'Zeroes the selected weights and trains nothing: a probe of what they held, not a way to unlearn.',
  formula: 'θ ← (1 − m)·θ',
  reference: 'ours; METHOD section 2',
  settings: [],
  takesMask: true,
  needsMask: 'Dropping units needs a mask: zeroing every weight leaves no network.',
  async run(context) {
    const { spec, original, load } = context;
    await load(zeroSelected(spec, original, maskOf(unitDrop, context)));
  },
};

/** The original with 0 where the mask selects; buffers are kept. */
export function zeroSelected(spec: ModelSpec, original: Checkpoint, mask: Mask): Checkpoint {
  const weights = { ...original };
  for (const { name, shape } of spec.parameters) {
    const bits = mask[name]!;
    weights[name] = { shape, data: original[name]!.data.map((value, i) => (bits[i] ? 0 : value)) };
  }
  return weights;
}
