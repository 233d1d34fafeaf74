import { encodeLink } from '../../../src/lab/study/link';
import type { Recipe, Study } from '../../../src/lab/study/study';

const RECIPE: Recipe = { epochs: 2, lr: 0.1, batch: 16, momentum: 0.9, weightDecay: 0, floor: 0.01 };

/** Every stage once, small enough for a software adapter: seconds of computing, its numbers mean nothing. */
export const tinyStudy: Study = {
  lethe: 1,
  name: 'Tiny',
  seed: 0,
  data: { source: 'fashion-mnist-mini', train: 80, test: 20 },
  model: {
    config: {
      kind: 'resnet',
      stem: 'cifar',
      block: 'basic',
      layers: [1, 1, 1],
      widths: [4, 8, 8],
      inChannels: 1,
      classes: 10,
    },
  },
  pretrain: RECIPE,
  oracle: RECIPE,
  forget: { rule: 'iid', settings: { share: 0.1 } },
  runs: [
    {
      label: 'DEL',
      strategy: 'del',
      method: 'reset-finetune',
      alpha: 0.3,
      seed: 0,
      unlearn: { epochs: 3, lr: 0.1, batch: 16 },
    },
  ],
};

/** The same without comparisons of its models, which are most of its time. */
export const uncomparedStudy: Study = { ...tinyStudy, compare: false };

/** The part of the address that opens a study. */
export const linkTo = (study: Study): string => encodeLink(study);
