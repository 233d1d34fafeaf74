import { cfK } from './cf-k';
import { lastLayers } from './last-layers';
import { resetSelected } from './reset-finetune';
import type { Unlearner } from './unlearner';

export const euK: Unlearner = {
  ...cfK,
  id: 'eu-k',
  label: 'EU-k',
  explanation:
    'Retrains the last k layers from fresh random values on the retained examples (exact unlearning of those layers).',
  formula: 'last k layers: θ ← θ⁰; then min CE(R) over them',
  async run(context) {
    const { spec, original, settings } = context;
    const mask = lastLayers(spec, settings.k as number);
    await context.load(resetSelected(spec, original, context.fresh(), mask));
    await cfK.run(context);
  },
};
