import { recalibrate } from './recalibrate';
import { recipeSettings } from './recipe';
import { crossEntropyOn, retainSteps } from './steps';
import type { Unlearner } from './unlearner';

const onRetain = crossEntropyOn('retain');
const onForget = crossEntropyOn('forget');

export const neggradPlus: Unlearner = {
  id: 'neggrad-plus',
  label: 'NegGrad+',
  explanation:
    'Descends on the retained examples and climbs on the forget examples at once, weighted by beta.',
  formula: 'min β·CE(R) − (1 − β)·CE(S)',
  reference: 'Kurmanji et al. 2023 (SCRUB, section 4); METHOD section 2',
  cites: ['kurmanji2023'],
  settings: [
    ...recipeSettings({ epochs: 5, lr: 0.01, floor: 1 }),
    {
      kind: 'number',
      name: 'beta',
      label: 'β',
      help: 'Weight of the retained examples; 1 − β is the weight of climbing on the forget examples.',
      source: '0.99 non-IID, 0.95 IID',
      grid: { values: [0.95, 0.99], source: 'the published values' },
      default: 0.99,
      min: 0,
      max: 1,
    },
    {
      kind: 'switch',
      name: 'recalibrate',
      label: 'Recalibrate BatchNorm',
      help: 'Afterwards recomputes the running statistics on retained examples: forget batches shift them, which alone costs accuracy and looks like forgetting.',
      default: false,
    },
  ],
  takesMask: true,
  replays: '"retain" with "forget" beside it',
  forwards: 2,
  async run(context) {
    const beta = context.settings.beta as number;
    await context.train({
      objective: (batches, tools, scalars) => {
        const { tf } = tools;
        // Both forward passes move the running statistics, so their order matters: the retained batch comes first.
        const retained = tf.mul(onRetain(batches, tools, scalars), scalars.descent!);
        return tf.sub(retained, tf.mul(onForget(batches, tools, scalars), scalars.ascent!));
      },
      recipe: context.recipe,
      scalars: () => ({ descent: beta, ascent: 1 - beta }),
      steps: retainSteps(context, 'forget'),
      trainable: context.mask,
    });
    if (context.settings.recalibrate) await recalibrate(context);
  },
};
