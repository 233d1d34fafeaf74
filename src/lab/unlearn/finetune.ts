import { recipeSettings } from './recipe';
import { crossEntropyOn, retainSteps } from './steps';
import type { Unlearner } from './unlearner';

export const finetune: Unlearner = {
  id: 'finetune',
  label: 'Finetune',
  explanation:
    'Simply trains on without the forget set and hopes that it fades; with a mask, only the selected weights move.',
  formula: 'min CE(R) over m',
  reference: 'METHOD section 2',
  settings: recipeSettings({ epochs: 10, lr: 0.01, floor: 0.01 }),
  takesMask: true,
  async run(context) {
    await context.train({
      objective: crossEntropyOn('retain'),
      recipe: context.recipe,
      steps: retainSteps(context),
      trainable: context.mask,
    });
  },
};
