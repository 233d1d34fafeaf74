import { expect, test } from 'vitest';
import { benchNetwork } from '../../../bench/network';
import { captureStep } from '../../../src/lab/gpu/plan';
import { stepBytes } from '../../../src/lab/nn/memory';
import { specOf } from '../../../src/lab/nn/models';
import type { ModelConfig, ResNetConfig } from '../../../src/lab/nn/spec';
import { deviceForTests } from '../../support/device';

const resnet = (config: Pick<ResNetConfig, 'stem' | 'block' | 'layers'>): ModelConfig => {
  return { kind: 'resnet', widths: [8, 16], inChannels: 3, classes: 10, ...config };
};
const vit = (dim: number, depth: number, patch: number): ModelConfig => {
  return {
    kind: 'vit',
    image: 16,
    patch,
    dim,
    depth,
    heads: 2,
    dimHead: 16,
    mlpDim: 3 * dim,
    classes: 10,
    channels: 3,
  };
};

deviceForTests();

test.each<[string, ModelConfig, number]>([
  ['basic blocks', resnet({ stem: 'cifar', block: 'basic', layers: [2, 2] }), 16],
  ['bottlenecks', resnet({ stem: 'imagenet', block: 'bottleneck', layers: [2, 2] }), 32],
  ['a shallow ViT', vit(32, 2, 4), 16],
  ['a deep and wide ViT', vit(64, 4, 4), 16],
])('the estimate for %s is near what captured steps keep', async (_, config, side) => {
  const spec = specOf({ config }, { shape: [side, side, 3], classes: Array.from({ length: 10 }, String) });
  for (const batch of [64, 128]) {
    const network = benchNetwork(spec, batch, side, 'lethe');
    for (const kind of ['train', 'evaluate'] as const) {
      const plan = await captureStep(network[kind]);
      const ratio = stepBytes(spec, [side, side, 3], batch, kind) / plan.bytes;
      plan.dispose();
      expect(ratio, `${kind}, batch ${batch}`).toBeGreaterThan(0.85);
      expect(ratio, `${kind}, batch ${batch}`).toBeLessThan(kind === 'train' ? 1.35 : 3.3);
    }
  }
});
