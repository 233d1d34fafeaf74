import * as tf from '@tensorflow/tfjs-core';
import { attention, batchNorm, conv2d, gelu, globalMean, layerNorm, linear, maxPool } from '../gpu/ops';
import { type ConvNorm, planResNet } from './resnet';
import type { ModelConfig, ResNetConfig, VitConfig } from './spec';
import { HEAD_LINEAR, HEAD_NORM, PATCH_LINEAR, PATCH_NORM, patchLength, vitLayerNames } from './vit';

/** Parameters and buffers on the device by PyTorch name; convolution filters as HWIO. Running statistics are variables. */
export type DeviceTensors = Record<string, tf.Tensor>;

/** One forward pass. */
export interface ForwardRequest {
  /** `[n, height, width, channels]`, as the data set's transform leaves them. */
  images: tf.Tensor4D;
  /** BatchNorm by batch statistics, moving the running ones. */
  training: boolean;
}

/** Logits `[n, classes]` of the network on a batch; differentiable in the parameters. */
export function forward(config: ModelConfig, tensors: DeviceTensors, request: ForwardRequest): tf.Tensor2D {
  return tf.tidy(() =>
    config.kind === 'resnet'
      ? forwardResNet(config, tensors, request)
      : forwardVit(config, tensors, request.images),
  );
}

function named<T extends tf.Tensor>(tensors: DeviceTensors, name: string): T {
  const tensor = tensors[name];
  if (!tensor) throw new Error(`The network has no tensor "${name}" on the device.`);
  return tensor as T;
}

function dense<T extends tf.Tensor>(tensors: DeviceTensors, name: string, x: T): T {
  return linear<T>(x, named(tensors, `${name}.weight`), named(tensors, `${name}.bias`));
}

function normalise<T extends tf.Tensor>(tensors: DeviceTensors, name: string, x: T): T {
  return layerNorm<T>(x, named(tensors, `${name}.weight`), named(tensors, `${name}.bias`));
}

function forwardResNet(
  config: ResNetConfig,
  tensors: DeviceTensors,
  { images, training }: ForwardRequest,
): tf.Tensor2D {
  const convNorm = (x: tf.Tensor4D, part: ConvNorm, relu: boolean, residual?: tf.Tensor4D) =>
    batchNorm(
      conv2d(x, named(tensors, `${part.conv}.weight`), part.stride, part.pad),
      named(tensors, `${part.norm}.weight`),
      named(tensors, `${part.norm}.bias`),
      named(tensors, `${part.norm}.running_mean`),
      named(tensors, `${part.norm}.running_var`),
      { training, relu, residual },
    );
  const plan = planResNet(config);
  let x = convNorm(images, plan.stem, true);
  if (plan.pool) x = maxPool(x, 3, 2, 1);
  for (const { body, shortcut } of plan.blocks) {
    const residual = shortcut ? convNorm(x, shortcut, false) : x;
    for (const part of body) x = convNorm(x, part, true, part === body.at(-1) ? residual : undefined);
  }
  return dense(tensors, 'fc', globalMean(x));
}

function forwardVit(config: VitConfig, tensors: DeviceTensors, images: tf.Tensor4D): tf.Tensor2D {
  const patches = normalise(tensors, PATCH_NORM, shiftedPatches(images, config));
  const tokens = dense(tensors, PATCH_LINEAR, patches);
  const [count, length, dim] = tokens.shape;
  // The class token stands in front: padding both sides of the sum keeps its gradient a plain slice.
  const classToken = tf.pad(named<tf.Tensor3D>(tensors, 'cls_token'), [
    [0, 0],
    [0, length],
    [0, 0],
  ]);
  const embedding = tf.add(named<tf.Tensor3D>(tensors, 'pos_embedding'), classToken);
  const shifted = tf.pad(tokens, [
    [0, 0],
    [1, 0],
    [0, 0],
  ]);
  let x: tf.Tensor3D = tf.add(shifted, embedding);
  for (let index = 0; index < config.depth; index++) {
    const names = vitLayerNames(index);
    const qkv = linear(normalise(tensors, names.norm, x), named(tensors, `${names.qkv}.weight`));
    const mixed = selfAttention(qkv, named(tensors, names.temperature), config.heads);
    x = tf.add(x, dense(tensors, names.out, mixed));
    const expanded = dense(tensors, names.expand, normalise(tensors, names.mlpNorm, x));
    x = tf.add(x, dense(tensors, names.contract, gelu(expanded)));
  }
  const first = tf.reshape(tf.slice(x, [0, 0, 0], [count, 1, dim]), [count, dim]) as tf.Tensor2D;
  return dense(tensors, HEAD_LINEAR, normalise(tensors, HEAD_NORM, first));
}

/**
 * Locality self-attention (Lee et al. 2021): scores q·k × exp(temperature), and no token attends to itself.
 * @param qkv `[n, tokens, 3 × heads × dimHead]`: queries, keys, values, each head by head
 * @returns `[n, tokens, heads × dimHead]`
 */
function selfAttention(qkv: tf.Tensor3D, temperature: tf.Scalar, heads: number): tf.Tensor3D {
  const [count, tokens, width] = qkv.shape;
  const inner = width / 3;
  const byHead = tf.split(qkv, 3, 2).map((part) => {
    return tf.transpose(tf.reshape(part, [count, tokens, heads, inner / heads]), [0, 2, 1, 3]);
  });
  const [q, k, v] = byHead as [tf.Tensor, tf.Tensor, tf.Tensor];
  const mixed = attention(q, k, v, tf.exp(temperature));
  return tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [count, tokens, inner]);
}

/**
 * Shifted patch tokenisation: the image and its copies moved one pixel right, left, down and up (zero filled) are stacked
 * as channels, then cut into patches, row by row.
 * @returns `[n, patches, 5 × channels × patch²]`, channel fastest
 */
function shiftedPatches(images: tf.Tensor4D, config: VitConfig): tf.Tensor3D {
  const [count, height, width, channels] = images.shape;
  const { patch } = config;
  const padded = tf.pad(images, [
    [0, 0],
    [1, 1],
    [1, 1],
    [0, 0],
  ]);
  const moved = (row: number, column: number) =>
    tf.slice(padded, [0, row, column, 0], [count, height, width, channels]);
  const stacked = tf.concat([images, moved(1, 0), moved(1, 2), moved(0, 1), moved(2, 1)], 3);
  const cut = tf.reshape(stacked, [count, height / patch, patch, width / patch, patch, 5 * channels]);
  return tf.reshape(tf.transpose(cut, [0, 1, 3, 2, 4, 5]), [count, -1, patchLength(config)]);
}
