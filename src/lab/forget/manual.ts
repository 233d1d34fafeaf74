import { LetheError } from '../settings';
import { asForgetSet } from './draw';
import type { ForgetRule } from './forget-rule';

export const manual: ForgetRule = {
  id: 'manual',
  label: 'Picked by hand',
  explanation: 'Forgets exactly the examples you pick in the grid or paste as numbers.',
  formula: 'S = the picked examples',
  reference: 'ours',
  settings: [
    {
      kind: 'indices',
      name: 'indices',
      label: 'Examples',
      help: 'Positions in the training set, counted from 0.',
      default: [],
    },
  ],
  byHand: true,
  choose({ labels }, settings) {
    const indices = settings.indices as number[];
    const outside = indices.find((index) => !Number.isInteger(index) || index < 0 || index >= labels.length);
    if (outside !== undefined)
      throw new LetheError(
        `There is no training example ${outside}: examples are numbered 0 to ${labels.length - 1}.`,
      );
    return asForgetSet(indices, labels.length);
  },
};
