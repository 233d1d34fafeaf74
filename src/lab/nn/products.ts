import { type ConvShape, convShape } from '../gpu/conv/shape';
import type { MatrixProduct, ProductKind } from '../gpu/conv/shape-class';
import { type ConvNorm, planResNet } from './resnet';
import type { ModelConfig, ResNetConfig, VitConfig } from './spec';
import { patchCount, patchLength } from './vit';

/** A layer's convolution; a linear layer is one of images of one pixel, from its outputs back to its inputs (matmul.ts). */
interface LayerProducts {
  shape: ConvShape;
  /** Nothing before it is trained, so that no gradient of its input is computed. */
  first?: boolean;
}

const linear = (rows: number, inputs: number, outputs: number): LayerProducts => ({
  shape: convShape([rows, 1, 1, outputs], [1, 1, outputs, inputs], 1, 0),
});

type Sides = readonly [height: number, width: number];

function resnetLayers(config: ResNetConfig, batch: number, image: Sides): LayerProducts[] {
  const plan = planResNet(config);
  const layers: LayerProducts[] = [];
  const add = (from: Sides, part: ConvNorm, first = false): Sides => {
    const { inputs, outputs, kernel, stride, pad } = part;
    const shape = convShape([batch, ...from, inputs], [kernel, kernel, inputs, outputs], stride, pad);
    layers.push({ shape, first });
    return [shape.outHeight, shape.outWidth];
  };
  let sides = add(image, plan.stem, true);
  if (plan.pool) sides = [Math.ceil(sides[0] / 2), Math.ceil(sides[1] / 2)];
  for (const { body, shortcut } of plan.blocks) {
    if (shortcut) add(sides, shortcut);
    for (const part of body) sides = add(sides, part);
  }
  return [...layers, linear(batch, plan.features, config.classes)];
}

function vitLayers(config: VitConfig, batch: number): LayerProducts[] {
  const { dim, depth, heads, dimHead, mlpDim, classes } = config;
  const patches = batch * patchCount(config);
  const tokens = patches + batch;
  const inner = heads * dimHead;
  const blocks = Array.from({ length: depth }, (_, index) => {
    // Behind the last attention only the class token is read.
    const read = index < depth - 1 ? tokens : batch;
    return [
      linear(tokens, dim, 3 * inner),
      linear(read, inner, dim),
      linear(read, dim, mlpDim),
      linear(read, mlpDim, dim),
    ];
  });
  return [linear(patches, patchLength(config), dim), ...blocks.flat(), linear(batch, dim, classes)];
}

/**
 * The matrix products of one training step, without those inside attention.
 * @param batch images @param image height and width of one
 */
export function trainingProducts(config: ModelConfig, batch: number, image: Sides): MatrixProduct[] {
  const layers = config.kind === 'resnet' ? resnetLayers(config, batch, image) : vitLayers(config, batch);
  return layers.flatMap(({ shape, first }) => {
    const kinds: ProductKind[] = [
      'forward',
      'filter-gradient',
      ...(first ? [] : ['input-gradient' as const]),
    ];
    return kinds.map((kind) => ({ kind, shape }));
  });
}
