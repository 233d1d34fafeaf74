import { asForgetSet, checkClasses, drawExamples, examplesOf } from './draw';
import type { ForgetRule } from './forget-rule';

export const wholeClass: ForgetRule = {
  id: 'class',
  label: 'A class',
  explanation: 'Forgets a whole class, or a share of it.',
  formula: 'S = ∪ S_k, S_k ~ U({i : yᵢ = k}), |S_k| = share·n_k, k ∈ C',
  reference: 'METHOD section 4',
  settings: [
    {
      kind: 'classes',
      name: 'classes',
      label: 'Class',
      help: 'The class to forget; with several, the share is taken from each.',
      default: [0],
    },
    {
      kind: 'number',
      name: 'share',
      label: 'Share of the class',
      help: 'How much of the class to forget; 1 forgets all of it.',
      default: 1,
      min: 0,
      max: 1,
      step: 0.01,
    },
  ],
  choose({ labels, classes, random }, settings) {
    const chosen = [...new Set(settings.classes as number[])].sort((a, b) => a - b);
    checkClasses(chosen, labels, classes);
    const indices = chosen.flatMap((label) => {
      const pool = examplesOf(labels, label);
      return [...drawExamples(pool, Math.round((settings.share as number) * pool.length), random)];
    });
    return asForgetSet(indices, labels.length);
  },
};
