import type { ModelSpec } from '../nn/spec';
import type { Checkpoint, Mask } from '../tensors';
import { recipeSettings } from './recipe';
import { crossEntropyOn, retainSteps } from './steps';
import type { Unlearner } from './unlearner';

export const resetFinetune: Unlearner = {
  id: 'reset-finetune',
  label: 'Reset + finetune',
  explanation:
    'Resets the selected weights to fresh random values, then trains them and the classifier head on the retained examples; all others stay frozen.',
  formula: 'θⱼ ← θ⁰ⱼ where mⱼ = 1; then min CE(R) over m ∪ head',
  reference: 'Torkzadehmahani et al. 2025, section 4 (RFT); METHOD section 2',
  cites: ['torkzadehmahani2025'],
  settings: recipeSettings(
    { epochs: 30, lr: 0.015, floor: 0.01 },
    'CIFAR-10: 30 epochs, lr 0.015, with α 0.3 (official code)',
  ),
  takesMask: true,
  async run(context) {
    const { spec, original, mask, recipe } = context;
    await context.load(resetSelected(spec, original, context.fresh(), mask));
    await context.train({
      objective: crossEntropyOn('retain'),
      recipe,
      steps: retainSteps(context),
      trainable: mask && withHead(spec, mask),
    });
  },
};

/** The original with fresh values where the mask selects (everywhere without a mask); buffers are kept. */
export function resetSelected(
  spec: ModelSpec,
  original: Checkpoint,
  fresh: Checkpoint,
  mask?: Mask,
): Checkpoint {
  const weights = { ...original };
  for (const { name, shape } of spec.parameters) {
    const bits = mask?.[name];
    const start = original[name]!.data;
    const reset = fresh[name]!.data;
    weights[name] = { shape, data: bits ? start.map((value, i) => (bits[i] ? reset[i]! : value)) : reset };
  }
  return weights;
}

/** The mask with the whole classifier head selected too. */
function withHead(spec: ModelSpec, mask: Mask): Mask {
  const head = spec.head.map((name) => [name, new Uint8Array(mask[name]!.length).fill(1)]);
  return { ...mask, ...Object.fromEntries(head) };
}
