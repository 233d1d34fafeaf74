import type { Study } from '../../src/lab/study/study';

/** A network of a few thousand weights. */
export const smallNetwork = (inChannels: number): Study['model'] => ({
  config: {
    kind: 'resnet',
    stem: 'cifar',
    block: 'basic',
    layers: [1],
    widths: [4],
    inChannels,
    classes: 10,
  },
});

/** What the studies of seconds that go through every stage share; each adds its recipes and runs. */
export const smallStudy: Omit<Study, 'pretrain' | 'oracle' | 'runs'> = {
  lethe: 1,
  name: 'small',
  seed: 0,
  data: { source: 'fashion-mnist-mini', train: 80, test: 40 },
  model: smallNetwork(1),
  forget: { rule: 'iid', settings: { share: 0.2 } },
};
