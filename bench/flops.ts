import { planResNet } from '../src/lab/nn/resnet';
import type { ModelConfig, ResNetConfig, VitConfig } from '../src/lab/nn/spec';
import { patchLength } from '../src/lab/nn/vit';

/**
 * Billions of floating-point operations in the matrix products and convolutions of one training step: forward, input gradient
 * (not of the first convolution, whose input is the image) and weight gradient.
 * @param side of the images, for a ResNet.
 */
export function trainingGflop(config: ModelConfig, batch: number, side: number): number {
  return ((config.kind === 'resnet' ? resnetProducts(config, side) : vitProducts(config)) * 2 * batch) / 1e9;
}

/** Multiplications per image. */
function resnetProducts(config: ResNetConfig, imageSide: number): number {
  const plan = planResNet(config);
  const outSide = (side: number, { kernel, stride, pad }: { kernel: number; stride: number; pad: number }) =>
    Math.floor((side + 2 * pad - kernel) / stride) + 1;
  let products = 3 * plan.features * config.classes;
  let side = imageSide;
  const add = (from: number, part: typeof plan.stem, passes: number): number => {
    const to = outSide(from, part);
    products += passes * to ** 2 * part.kernel ** 2 * part.inputs * part.outputs;
    return to;
  };
  side = add(side, plan.stem, 2);
  if (plan.pool) side = outSide(side, { kernel: 3, stride: 2, pad: 1 });
  for (const { body, shortcut } of plan.blocks) {
    if (shortcut) add(side, shortcut, 3);
    for (const part of body) side = add(side, part, 3);
  }
  return products;
}

function vitProducts(config: VitConfig): number {
  const { image, patch, dim, depth, heads, dimHead, mlpDim, classes } = config;
  const patches = (image / patch) ** 2;
  const tokens = patches + 1;
  const inner = heads * dimHead;
  const attention = tokens * (3 * dim * inner + 2 * tokens * inner);
  const projections = dim * inner + 2 * dim * mlpDim;
  // The last layer projects the class token alone.
  const layers = depth * attention + ((depth - 1) * tokens + 1) * projections;
  return 3 * (patches * patchLength(config) * dim + layers + dim * classes);
}
