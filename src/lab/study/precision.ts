import type { ChoiceSetting } from '../settings';

/** What matrix products take their operands as; sums, weights and everything else are float32. */
export type Precision = 'float32' | 'float16';

/** A study's precision as a setting. */
export const PRECISION_SETTING: ChoiceSetting = {
  kind: 'choice',
  name: 'precision',
  label: 'Matrix products',
  help: 'What convolutions and linear layers multiply. Half precision has three digits instead of seven and halves the shared memory that a GPU reads; sums and weights stay as they are. It changes every number of the study a little.',
  default: 'float32' satisfies Precision,
  options: [
    { value: 'float32' satisfies Precision, label: 'Single precision' },
    { value: 'float16' satisfies Precision, label: 'Half precision' },
  ],
};
