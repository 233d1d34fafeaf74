import type { ResNetConfig } from '../../src/lab/nn/spec';

/** The smallest network, for grey images: for tests that use only its names and shapes. */
export const tinyResNet = (classes: number): ResNetConfig => ({
  kind: 'resnet',
  stem: 'cifar',
  block: 'basic',
  layers: [1],
  widths: [2],
  inChannels: 1,
  classes,
});
