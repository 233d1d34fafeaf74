import type { ModelSpec } from '../nn/spec';
import type { Recipe } from '../study/study';
import type { Mask } from '../tensors';
import { recipeSettings } from './recipe';
import { resetSelected } from './reset-finetune';
import { crossEntropyOn, retainSteps } from './steps';
import { maskOf, type Unlearner } from './unlearner';

export const msg: Unlearner = {
  id: 'msg',
  label: 'MSG',
  explanation:
    'Masked small gradients: resets the selected weights to fresh random values, then trains everything on the retained examples, the convolution weights that were not reset more slowly; its own mask is that of small-gradient.',
  formula:
    'θⱼ ← θ⁰ⱼ where mⱼ = 1; then min CE(R) over all θ, with gⱼ ← scale·gⱼ for convolution weights where mⱼ = 0',
  reference:
    'Cadet et al. 2024, Deep Unlearn (arXiv 2410.01276), after the second place of the NeurIPS 2023 unlearning contest; METHOD section 2',
  cites: ['cadet2024'],
  settings: [
    // The rate rises and falls by itself, so there is no floor to set.
    ...recipeSettings(
      { epochs: 5, lr: 1e-3, floor: 0, weightDecay: 5e-4 },
      '5 epochs, lr 1e-3, weight decay 5e-4, with α 0.3 (Cadet et al.)',
    ).filter(({ name }) => name !== 'floor'),
    {
      kind: 'number',
      name: 'scale',
      label: 'Scale outside the mask',
      help: 'What the gradients of convolution weights outside the mask are multiplied by, before weight decay; networks without convolutions have none.',
      source: '0.1 (Cadet et al.)',
      default: 0.1,
      min: 0,
      max: 1,
    },
  ],
  takesMask: true,
  needsMask:
    'MSG resets what a mask selects: give it the mask of a strategy such as small-gradient, or choose the method retrain to reset everything.',
  async run(context) {
    const { spec, original, recipe, settings } = context;
    const mask = maskOf(msg, context);
    await context.load(resetSelected(spec, original, context.fresh(), mask));
    await context.train({
      objective: crossEntropyOn('retain'),
      recipe,
      schedule: (epoch) => triangularRate(recipe, epoch),
      steps: retainSteps(context),
      gradientScale: { mask: unselectedKernels(spec, mask), factor: settings.scale as number },
    });
  },
};

/** Linear up over the first (E + 1) div 2 epochs, of which the last has the full rate, then linear down towards 0 after the last epoch. */
function triangularRate({ lr, epochs }: Recipe, epoch: number): number {
  const rising = Math.floor((epochs + 1) / 2);
  return lr * (epoch < rising ? (epoch + 1) / rising : (epochs - epoch) / (epochs + 1 - rising));
}

/** 1 for the entries of convolution weights that a mask does not select. */
function unselectedKernels(spec: ModelSpec, mask: Mask): Mask {
  const kernels = spec.parameters.filter(({ kind }) => kind === 'conv');
  return Object.fromEntries(kernels.map(({ name }) => [name, mask[name]!.map((bit) => 1 - bit)]));
}
