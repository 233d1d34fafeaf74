import { recipeSettings } from './recipe';
import { crossEntropyOn, retainSteps } from './steps';
import type { Unlearner } from './unlearner';

export const retrain: Unlearner = {
  id: 'retrain',
  label: 'Retrain (oracle)',
  explanation:
    'Trains a fresh network on the retained examples only: the exact answer, which all other methods try to reach at less cost.',
  formula: 'θ ← θ⁰; then min CE(R)',
  reference: 'Torkzadehmahani et al. 2025, section 5; METHOD section 2',
  cites: ['torkzadehmahani2025'],
  settings: recipeSettings(
    { epochs: 20, lr: 0.05, floor: 0.01 },
    '20 epochs at half the original learning rate (paper)',
  ),
  takesMask: false,
  async run(context) {
    await context.load(context.fresh());
    await context.train({
      objective: crossEntropyOn('retain'),
      recipe: context.recipe,
      steps: retainSteps(context),
    });
  },
};
