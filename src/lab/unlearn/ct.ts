import type { ModelSpec } from '../nn/spec';
import type { Checkpoint } from '../tensors';
import { recipeSettings } from './recipe';
import { crossEntropyOn, retainSteps } from './steps';
import type { Unlearner } from './unlearner';

export const ct: Unlearner = {
  id: 'ct',
  label: 'Convolution transpose',
  explanation:
    'Transposes every convolution kernel, which keeps its numbers but not what they look for, then trains everything on the retained examples.',
  formula: 'W[o, i, y, x] ← W[o, i, x, y] in every convolution; then min CE(R)',
  reference:
    'Cadet et al. 2024, Deep Unlearn (arXiv 2410.01276), CT, after an entry of the NeurIPS 2023 unlearning contest; METHOD section 2',
  cites: ['cadet2024'],
  settings: recipeSettings(
    { epochs: 3, lr: 1e-3, floor: 0, weightDecay: 5e-4 },
    '3 epochs, lr 1e-3, weight decay 5e-4 (Cadet et al.)',
  ),
  takesMask: false,
  unfit({ parameters }) {
    const kernels = parameters.filter(({ kind }) => kind === 'conv');
    if (kernels.length === 0)
      return 'Convolution transpose turns the kernels of convolutions, and this network has none: choose another method, such as finetune.';
    const oblong = kernels.find(({ shape }) => shape[2] !== shape[3]);
    return (
      oblong &&
      `Convolution transpose needs square kernels, and those of ${oblong.name} are ${oblong.shape[2]}×${oblong.shape[3]}: choose another method, such as finetune.`
    );
  },
  async run(context) {
    const { spec, original, recipe } = context;
    await context.load(transposed(spec, original));
    await context.train({ objective: crossEntropyOn('retain'), recipe, steps: retainSteps(context) });
  },
};

/** The original with height and width of every convolution kernel swapped; the kernels are square. */
function transposed(spec: ModelSpec, original: Checkpoint): Checkpoint {
  const weights = { ...original };
  for (const { name, shape, kind } of spec.parameters) {
    if (kind !== 'conv') continue;
    const side = shape[2]!;
    const taps = side * side;
    const start = original[name]!.data;
    const data = start.map((_, i) => {
      const tap = i % taps;
      return start[i - tap + (tap % side) * side + Math.floor(tap / side)]!;
    });
    weights[name] = { shape, data };
  }
  return weights;
}
