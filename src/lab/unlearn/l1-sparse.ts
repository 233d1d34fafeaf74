import type * as TF from '@tensorflow/tfjs-core';
import { gridAround, recipeSettings } from './recipe';
import { crossEntropyOn, retainSteps } from './steps';
import type { Unlearner } from './unlearner';

const onRetain = crossEntropyOn('retain');

export const l1Sparse: Unlearner = {
  id: 'l1-sparse',
  label: 'L1-sparse',
  explanation:
    'Finetunes on the retained examples under a pressure towards zero weights that fades out, so that what is not needed disappears.',
  formula: 'min CE(R) + γ·(1 − t/E)·‖θ‖₁',
  reference: 'Jia et al. 2023 (Model Sparsity Can Simplify Machine Unlearning); METHOD section 2',
  cites: ['jia2023'],
  settings: [
    ...recipeSettings({ epochs: 10, lr: 0.01, floor: 0.01 }),
    {
      kind: 'number',
      name: 'gamma',
      label: 'γ',
      help: 'Weight of the L1 norm in the first epoch; it falls linearly to zero.',
      source: '7e-5',
      default: 7e-5,
      grid: gridAround(7e-5),
      min: 1e-7,
      max: 1,
    },
  ],
  takesMask: true,
  async run(context) {
    const gamma = context.settings.gamma as number;
    const { recipe } = context;
    await context.train({
      objective: (batches, tools, scalars) => {
        const { tf, parameters } = tools;
        // `addN` binds all its inputs at once, more than a WebGPU stage allows, so the norms are added one by one.
        const norm = Object.values(parameters)
          .map((parameter) => l1Norm(tf, parameter))
          .reduce((sum, part) => tf.add(sum, part));
        return tf.add(onRetain(batches, tools, scalars), tf.mul(scalars.gamma!, norm));
      },
      recipe,
      scalars: (epoch) => ({ gamma: gamma * (1 - epoch / recipe.epochs) }),
      steps: retainSteps(context),
      trainable: context.mask,
    });
  },
};

/** Sum of absolute values whose derivative at 0 is 0, as PyTorch has it; TF.js's own `abs` has −1 there. */
function l1Norm(tf: typeof TF, parameter: TF.Tensor): TF.Scalar {
  const norm = tf.customGrad((theta, save) => {
    (save as TF.GradSaveFunc)([theta as TF.Tensor]);
    return {
      value: tf.sum(tf.abs(theta as TF.Tensor)),
      gradFunc: (slope, [saved]) => tf.mul(slope, tf.sign(saved!)),
    };
  });
  return norm(parameter) as TF.Scalar;
}
