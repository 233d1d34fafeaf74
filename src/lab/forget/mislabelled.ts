import { LetheError } from '../settings';
import { asForgetSet, drawExamples, shareOfTraining } from './draw';
import type { ForgetRule } from './forget-rule';

export const mislabelled: ForgetRule = {
  id: 'mislabelled',
  label: 'Mislabelled',
  explanation:
    'Gives some examples a wrong label before the original is trained, and forgets exactly those: whatever is known about them was memorized.',
  formula: 'S ~ U(D); yᵢ ← U({1 … K} ∖ {yᵢ}) for i ∈ S',
  reference: 'ours; METHOD section 4',
  settings: [
    {
      ...shareOfTraining,
      help: 'How many training examples get a wrong label and are then to be forgotten, as a share of all of them.',
      source: undefined,
    },
  ],
  plants: true,
  choose({ labels, classes, random }, settings) {
    const count = Math.round((settings.share as number) * labels.length);
    const { indices } = asForgetSet(
      drawExamples(Int32Array.from(labels.keys()), count, random),
      labels.length,
    );
    if (classes.length < 2)
      throw new LetheError('A data set with one class has no wrong labels to plant: choose another rule.');
    // Counting on from the example's own class by 1 to classes − 1, around the end, is uniform over all other classes.
    const planted = indices.map(
      (index) => (labels[index]! + 1 + random.below(classes.length - 1)) % classes.length,
    );
    return { indices, planted };
  },
};
