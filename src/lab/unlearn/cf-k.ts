import { lastLayers, lastLayersSetting } from './last-layers';
import { recipeSettings } from './recipe';
import { crossEntropyOn, retainSteps } from './steps';
import type { Unlearner } from './unlearner';

export const cfK: Unlearner = {
  id: 'cf-k',
  label: 'CF-k',
  explanation: 'Finetunes only the last k layers on the retained examples (catastrophic forgetting).',
  formula: 'min CE(R) over the last k layers',
  reference: 'Goel et al. 2022; METHOD section 2',
  cites: ['goel2022'],
  settings: [lastLayersSetting, ...recipeSettings({ epochs: 10, lr: 0.01, floor: 0.01 })],
  takesMask: false,
  async run(context) {
    await context.train({
      objective: crossEntropyOn('retain'),
      recipe: context.recipe,
      steps: retainSteps(context),
      trainable: lastLayers(context.spec, context.settings.k as number),
    });
  },
};
