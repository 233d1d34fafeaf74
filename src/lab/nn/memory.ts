import { type ConvNorm, planResNet } from './resnet';
import type { ModelSpec, ResNetConfig, VitConfig } from './spec';
import { patchCount, patchLength } from './vit';

const FLOAT = 4;

/**
 * How many buffers as large as its output a layer costs in a captured step, fitted to plans of networks of several depths, widths
 * and batches: for the backward pass a convolution's output and what BatchNorm makes of it are kept, the rest shares memory.
 */
const COPIES = { resnet: { train: 2.6, evaluate: 1.1 }, vit: { train: 0.84, evaluate: 0.42 } };
/** The same for the ViT's patches: cut out, normalised, and the gradients. */
const PATCH_COPIES = { train: 3.7, evaluate: 2.5 };

/**
 * An estimate of the device memory that one captured step needs, in bytes: within a third for training. Evaluation needs what is
 * alive at its widest place, which the estimate puts at the worst that was seen, up to three times too high.
 */
export function stepBytes(
  { config, size }: Pick<ModelSpec, 'config' | 'size'>,
  [height, width]: readonly [number, number, number],
  batch: number,
  kind: 'train' | 'evaluate',
): number {
  const layers =
    config.kind === 'resnet'
      ? resnetOutputs(config, height, width)
      : // Without gradients one layer's buffers serve all.
        (kind === 'train' ? config.depth : 1) * layerOutputs(config);
  const patches = config.kind === 'vit' ? patchCount(config) * patchLength(config) : 0;
  const perImage = COPIES[config.kind][kind] * layers + PATCH_COPIES[kind] * patches;
  const gradients = kind === 'train' ? size : 0;
  return FLOAT * (perImage * batch + gradients);
}

/** What stays on the device as long as the network trains: parameters, velocities, and a mask of one bit each. */
export function parameterBytes({ size }: Pick<ModelSpec, 'size'>): number {
  return 2 * FLOAT * size + Math.ceil(size / 8);
}

/** Values that the convolutions and the pooling of one image give out. */
function resnetOutputs(config: ResNetConfig, height: number, width: number): number {
  const plan = planResNet(config);
  let values = 0;
  let shape: [number, number] = [height, width];
  const reduced = (length: number, { kernel, stride, pad }: Pick<ConvNorm, 'kernel' | 'stride' | 'pad'>) =>
    Math.floor((length + 2 * pad - kernel) / stride) + 1;
  const through = (from: [number, number], part: ConvNorm): [number, number] => {
    const [rows, columns] = [reduced(from[0], part), reduced(from[1], part)];
    values += rows * columns * part.outputs;
    return [rows, columns];
  };
  shape = through(shape, plan.stem);
  if (plan.pool) {
    const pool = { kernel: 3, stride: 2, pad: 1 };
    shape = [reduced(shape[0], pool), reduced(shape[1], pool)];
    values += shape[0] * shape[1] * plan.stem.outputs;
  }
  for (const { body, shortcut } of plan.blocks) {
    if (shortcut) through(shape, shortcut);
    shape = body.reduce(through, shape);
  }
  return values;
}

/** Values that the operations of one transformer layer give out for one image. */
function layerOutputs(config: VitConfig): number {
  const { dim, heads, dimHead, mlpDim } = config;
  const tokens = patchCount(config) + 1;
  const inner = heads * dimHead;
  // Two norms, two sums, two projections back to dim; q, k, v and their mixture; probabilities; the MLP before and after GELU.
  return tokens * (6 * dim + 4 * inner + heads * tokens + 2 * mlpDim);
}
