import type { Study } from '../../src/lab/study/study';

/** What the studies of seconds that go through every stage share; each adds its recipes and runs. */
export const smallStudy: Omit<Study, 'pretrain' | 'oracle' | 'runs'> = {
  lethe: 1,
  name: 'small',
  seed: 0,
  data: { source: 'fashion-mnist-mini', train: 80, test: 40 },
  model: {
    config: {
      kind: 'resnet',
      stem: 'cifar',
      block: 'basic',
      layers: [1],
      widths: [4],
      inChannels: 1,
      classes: 10,
    },
  },
  forget: { rule: 'iid', settings: { share: 0.2 } },
};
