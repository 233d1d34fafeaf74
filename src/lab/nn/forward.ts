import * as tf from '@tensorflow/tfjs-core';
import { type Operations, operations } from '../gpu/ops';
import { type ConvNorm, planResNet } from './resnet';
import type { ModelConfig, ResNetConfig, VitConfig } from './spec';
import { HEAD_LINEAR, HEAD_NORM, PATCH_LINEAR, PATCH_NORM, vitBlockName, vitLayerNames } from './vit';

/** Parameters and buffers on the device by PyTorch name; convolution filters as HWIO. Running statistics are variables. */
export type DeviceTensors = Record<string, tf.Tensor>;

/** One forward pass. */
export interface ForwardRequest {
  /** `[n, height, width, channels]`, as the data set's transform leaves them. */
  images: tf.Tensor4D;
  /** BatchNorm by batch statistics, moving the running ones. */
  training: boolean;
  /** Called with the output of every layer of `activationLayers`, in their order. Who needs one after the pass keeps it (`tf.keep`). */
  onActivation?: (layer: string, output: tf.Tensor) => void;
}

/**
 * Logits `[n, classes]` of the network on a batch; differentiable in the parameters.
 * @param ops the kernels, or `stockOperations` to compare with.
 */
export function forward(
  config: ModelConfig,
  tensors: DeviceTensors,
  request: ForwardRequest,
  ops: Operations = operations,
): tf.Tensor2D {
  return tf.tidy(() =>
    config.kind === 'resnet'
      ? forwardResNet(config, modules(tensors, ops), request)
      : forwardVit(config, modules(tensors, ops), request),
  );
}

/** Operations bound to the network's tensors by module name. */
interface Modules {
  ops: Operations;
  tensor<T extends tf.Tensor>(name: string): T;
  linear<T extends tf.Tensor>(name: string, x: T, residual?: T): T;
  layerNorm<T extends tf.Tensor>(name: string, x: T): T;
  layerNormBranch<T extends tf.Tensor>(name: string, x: T): [normalised: T, x: T];
}

function modules(tensors: DeviceTensors, ops: Operations): Modules {
  const tensor = <T extends tf.Tensor>(name: string): T => {
    const found = tensors[name];
    if (!found) throw new Error(`The network has no tensor "${name}" on the device.`);
    return found as T;
  };
  return {
    ops,
    tensor,
    linear: (name, x, residual) => ops.linear(x, tensor(`${name}.weight`), tensor(`${name}.bias`), residual),
    layerNorm: (name, x) => ops.layerNorm(x, tensor(`${name}.weight`), tensor(`${name}.bias`)),
    layerNormBranch: (name, x) => ops.layerNormBranch(x, tensor(`${name}.weight`), tensor(`${name}.bias`)),
  };
}

function forwardResNet(
  config: ResNetConfig,
  { ops, tensor, linear }: Modules,
  { images, training, onActivation }: ForwardRequest,
): tf.Tensor2D {
  const norm = (convolved: tf.Tensor4D, part: ConvNorm, relu: boolean, residual?: tf.Tensor4D) =>
    ops.batchNorm(
      convolved,
      tensor(`${part.norm}.weight`),
      tensor(`${part.norm}.bias`),
      tensor(`${part.norm}.running_mean`),
      tensor(`${part.norm}.running_var`),
      { training, relu, residual },
    );
  const filterOf = (part: ConvNorm) => tensor<tf.Tensor4D>(`${part.conv}.weight`);
  const convNorm = (x: tf.Tensor4D, part: ConvNorm, relu: boolean, residual?: tf.Tensor4D) =>
    norm(ops.conv2d(x, filterOf(part), part.stride, part.pad), part, relu, residual);
  const plan = planResNet(config);
  let x = convNorm(images, plan.stem, true);
  if (plan.pool) x = ops.maxPool(x, 3, 2, 1);
  onActivation?.('stem', x);
  // Without a tape, a tidy of its own frees what a block computed inside as soon as it is done.
  for (const { name, body, shortcut } of plan.blocks) {
    x = tf.tidy(() => {
      const [first, ...rest] = body as [ConvNorm, ...ConvNorm[]];
      const [convolved, beside] = ops.conv2dBranch(x, filterOf(first), first.stride, first.pad);
      const residual = shortcut ? convNorm(beside, shortcut, false) : beside;
      return rest.reduce(
        (inner, part) => convNorm(inner, part, true, part === body.at(-1) ? residual : undefined),
        norm(convolved, first, true),
      );
    });
    onActivation?.(name, x);
  }
  const pooled = ops.globalMean(x);
  onActivation?.('pool', pooled);
  const logits = linear('fc', pooled);
  onActivation?.('logits', logits);
  return logits;
}

function forwardVit(
  config: VitConfig,
  { ops, tensor, linear, layerNorm, layerNormBranch }: Modules,
  { images, onActivation }: ForwardRequest,
): tf.Tensor2D {
  const patches = layerNorm(PATCH_NORM, ops.shiftedPatches(images, config.patch));
  let x = ops.embedTokens(linear(PATCH_LINEAR, patches), tensor('cls_token'), tensor('pos_embedding'));
  onActivation?.('embedding', x);
  const [count, , dim] = x.shape;
  for (let index = 0; index < config.depth; index++) {
    x = tf.tidy(() => {
      const names = vitLayerNames(index);
      const [normalised, before] = layerNormBranch(names.norm, x);
      const qkv = ops.linear(normalised, tensor(`${names.qkv}.weight`));
      const mixed = ops.attention(qkv, tensor(names.temperature), config.heads);
      // After the last attention only the class token is used, unless the whole output is asked for.
      const read = index < config.depth - 1 || onActivation ? x.shape[1] : 1;
      const out = linear(names.out, firstTokens(mixed, read), firstTokens(before, read));
      const [toExpand, attended] = layerNormBranch(names.mlpNorm, out);
      return linear(names.contract, ops.gelu(linear(names.expand, toExpand)), attended);
    });
    onActivation?.(vitBlockName(index), x);
  }
  const token = tf.reshape(firstTokens(x, 1), [count, dim]) as tf.Tensor2D;
  onActivation?.('cls', token);
  const logits = linear(HEAD_LINEAR, layerNorm(HEAD_NORM, token));
  onActivation?.('logits', logits);
  return logits;
}

const firstTokens = (x: tf.Tensor3D, count: number): tf.Tensor3D =>
  count === x.shape[1] ? x : tf.slice(x, [0, 0, 0], [-1, count, -1]);
