import { asForgetSet, drawExamples, shareOfTraining } from './draw';
import type { ForgetRule } from './forget-rule';

export const iid: ForgetRule = {
  id: 'iid',
  label: 'At random (IID)',
  explanation: 'Forgets examples drawn uniformly from the whole training set.',
  formula: 'S ~ U(D), |S| = share·n',
  reference: 'Torkzadehmahani et al. 2025, section 5; METHOD section 4',
  cites: ['torkzadehmahani2025'],
  settings: [shareOfTraining],
  distribution: 'iid',
  choose({ labels, random }, settings) {
    const count = Math.round((settings.share as number) * labels.length);
    return asForgetSet(drawExamples(Int32Array.from(labels.keys()), count, random), labels.length);
  },
};
