import { describe, expect, it } from 'vitest';
import { activationLayerOf, activationLayers } from '../../../src/lab/nn/activation-layers';
import { specOf } from '../../../src/lab/nn/models';

const CLASSES = Array.from({ length: 10 }, (_, label) => `${label}`);
const spec = (id: string) => specOf({ id }, { shape: [32, 32, 3], classes: CLASSES });

describe('activation layer of a parameter', () => {
  it.each([
    ['resnet8', { 'conv1.weight': 'stem', 'layer2.0.downsample.1.bias': 'layer2.0', 'fc.bias': 'logits' }],
    ['resnet18', { 'bn1.bias': 'stem', 'layer4.1.bn2.weight': 'layer4.1', 'fc.weight': 'logits' }],
    ['resnet50', { 'layer1.0.conv3.weight': 'layer1.0', 'layer3.5.bn3.bias': 'layer3.5' }],
    [
      'vit-small',
      {
        pos_embedding: 'embedding',
        cls_token: 'embedding',
        'to_patch_embedding.to_patch_tokens.1.weight': 'embedding',
        'transformer.layers.1.0.norm.weight': 'transformer.layers.1',
        'transformer.layers.1.1.net.4.bias': 'transformer.layers.1',
        'mlp_head.0.weight': 'logits',
      },
    ],
  ])('%s', (id, expected) => {
    const network = spec(id);
    const found = Object.keys(expected).map((name) => [name, activationLayerOf(network, name)]);
    expect(Object.fromEntries(found)).toEqual(expected);
  });

  it('tells block 1 from block 10', () => {
    const { config } = spec('vit-small');
    const deep = { config: { ...config, depth: 12 } as typeof config, head: [] };
    expect(activationLayerOf(deep, 'transformer.layers.10.0.to_qkv.weight')).toBe('transformer.layers.10');
  });

  it.each(['resnet8', 'resnet18', 'resnet50', 'vit-small'])(
    'every layer of %s but the averaged one has parameters, in forward order',
    (id) => {
      const network = spec(id);
      const inOrder = network.layers.flatMap(({ parameters }) =>
        parameters.map((name) => activationLayerOf(network, name)),
      );
      const names = activationLayers(network.config).map(({ name }) => name);
      expect([...new Set(inOrder)]).toEqual(names.filter((name) => name !== 'pool' && name !== 'cls'));
      // Each layer's parameters stand together.
      expect(inOrder.filter((name, i) => name !== inOrder[i - 1])).toHaveLength(new Set(inOrder).size);
    },
  );
});
