import { recipeSettings } from './recipe';
import { crossEntropyOn, retainSteps } from './steps';
import type { Unlearner } from './unlearner';

const onForget = crossEntropyOn('forget');

export const gradientAscent: Unlearner = {
  id: 'gradient-ascent',
  label: 'Gradient ascent',
  explanation: 'Climbs the loss of the forget examples until they are unlearned, and much else with them.',
  formula: 'min −CE(S)',
  reference: 'Graves et al. 2021; Thudi et al. 2022; METHOD section 2',
  cites: ['graves2021', 'thudi2022'],
  settings: recipeSettings({ epochs: 5, lr: 1e-4, floor: 1 }),
  takesMask: true,
  replays: '"retain" with "forget" beside it',
  forwards: 2,
  async run(context) {
    await context.train({
      objective: (batches, tools, scalars) => {
        // The outputs are not used: this pass lets BatchNorm's running statistics see the retained examples too.
        tools.logits(batches.retain!);
        return tools.tf.neg(onForget(batches, tools, scalars));
      },
      recipe: context.recipe,
      steps: retainSteps(context, 'forget'),
      trainable: context.mask,
    });
  },
};
