import { LetheError } from '../settings';
import { asForgetSet, checkClasses, drawExamples, examplesOf, shareOfTraining } from './draw';
import type { ForgetRule } from './forget-rule';

export const nonIid: ForgetRule = {
  id: 'non-iid',
  label: 'From a few classes (non-IID)',
  explanation:
    'Forgets as many examples as at random, but all from a few classes, the same number from each.',
  formula: 'S = ∪ S_k, S_k ~ U({i : yᵢ = k}), |S_k| = share·n/|C|, k ∈ C',
  reference: 'Torkzadehmahani et al. 2025, section 5; METHOD section 4',
  cites: ['torkzadehmahani2025'],
  settings: [
    {
      kind: 'classes',
      name: 'classes',
      label: 'Classes',
      help: 'The classes to draw from.',
      source: 'CIFAR-10: 2 and 5, SVHN: 3 and 6 in the paper; Fashion-MNIST: pullover and shirt (ours)',
      default: [2, 6],
    },
    shareOfTraining,
  ],
  distribution: 'non-iid',
  choose({ labels, classes, random }, settings) {
    const chosen = [...new Set(settings.classes as number[])].sort((a, b) => a - b);
    checkClasses(chosen, labels, classes);
    const count = Math.round((settings.share as number) * labels.length);
    const indices = chosen.flatMap((label, position) => {
      // The remainder goes to the first classes, one each.
      const quota = Math.floor(count / chosen.length) + (position < count % chosen.length ? 1 : 0);
      const pool = examplesOf(labels, label);
      if (pool.length < quota)
        throw new LetheError(
          `Class ${label} (${classes[label]}) has ${pool.length} training examples, but ${quota} would have to be forgotten: lower the share or add classes.`,
        );
      return [...drawExamples(pool, quota, random)];
    });
    return asForgetSet(indices, labels.length);
  },
};
