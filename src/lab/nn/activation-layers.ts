import { planResNet } from './resnet';
import type { ModelConfig, ModelSpec } from './spec';
import { vitBlockName } from './vit';

/** A place in a network at which two models are compared. */
export interface ActivationLayer {
  /** Of a block the PyTorch module name. */
  name: string;
  /** Channels, or values of a token: its length once averaged over positions. */
  width: number;
}

/**
 * The layers at which models are compared, in forward order (METHOD section 5.1). ResNet: `stem` (after ReLU and max-pool), every
 * block, `pool`, `logits`. ViT: `embedding` (with class token and positions), every block, `cls` (the class token before the head's
 * LayerNorm), `logits`.
 */
export function activationLayers(config: ModelConfig): ActivationLayer[] {
  const logits = { name: 'logits', width: config.classes };
  if (config.kind === 'vit') {
    const blocks = Array.from({ length: config.depth }, (_, index) => vitBlockName(index));
    return [...['embedding', ...blocks, 'cls'].map((name) => ({ name, width: config.dim })), logits];
  }
  const { stem, blocks, features } = planResNet(config);
  return [
    { name: 'stem', width: stem.outputs },
    ...blocks.map(({ name, body }) => ({ name, width: body.at(-1)!.outputs })),
    { name: 'pool', width: features },
    logits,
  ];
}

/** The layer in front of the classifier head: what an image's *features* are. */
export function featureLayer(config: ModelConfig): ActivationLayer {
  return activationLayers(config).at(-2)!;
}

/**
 * The layer whose values a parameter makes: its block, or `logits` for the head; what stands before the blocks makes the first layer.
 * `pool` and `cls` have no parameters.
 */
export function activationLayerOf(
  { config, head }: Pick<ModelSpec, 'config' | 'head'>,
  parameter: string,
): string {
  const names = activationLayers(config).map(({ name }) => name);
  if (head.includes(parameter)) return names.at(-1)!;
  return names.find((name) => parameter.startsWith(`${name}.`)) ?? names[0]!;
}
