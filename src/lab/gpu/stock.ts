/**
 * The operations that models are written with, from stock TF.js ops alone: slow, but plain and differentiable. They are the
 * reference that networks on our own kernels are compared with.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { BatchNormOptions } from './batch-norm';
import type { Operations } from './ops';

/**
 * Convolution.
 * @param x `[n, h, w, in]`
 * @param filter `[kh, kw, in, out]` (the device layout of PyTorch's OIHW)
 * @param pad zeros on every side
 * @returns `[n, floor((h + 2 pad - kh) / stride) + 1, …, out]`
 */
function conv2d(x: tf.Tensor4D, filter: tf.Tensor4D, stride: number, pad: number): tf.Tensor4D {
  return tf.conv2d(x, filter, stride, pad);
}

/** The convolution, and x for another branch of the network. */
function conv2dBranch(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  stride: number,
  pad: number,
): [tf.Tensor4D, tf.Tensor4D] {
  return [conv2d(x, filter, stride, pad), x];
}

/**
 * PyTorch's BatchNorm over all but the last axis, with residual and ReLU behind it. In training the biased batch variance
 * normalises and the unbiased one enters the running variance.
 * @param x `[n, h, w, c]`; the four vectors are `[c]`
 * @param runningMean, runningVariance variables, changed in training
 */
function batchNorm<T extends tf.Tensor>(
  x: T,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  runningMean: tf.Variable,
  runningVariance: tf.Variable,
  { training, relu = false, residual, momentum = 0.1, eps = 1e-5 }: BatchNormOptions,
): T {
  return tf.tidy(() => {
    const axes = x.shape.slice(0, -1).map((_, axis) => axis);
    const mean = training ? tf.mean(x, axes) : runningMean;
    const centred = tf.sub(x, mean);
    const variance = training ? tf.mean(tf.square(centred), axes) : runningVariance;
    if (training) {
      const count = x.size / gamma.size;
      runningMean.assign(blend(runningMean, mean, momentum));
      runningVariance.assign(blend(runningVariance, tf.mul(variance, count / (count - 1)), momentum));
    }
    const scale = tf.mul(gamma, tf.rsqrt(tf.add(variance, eps)));
    let y = tf.add(tf.mul(centred, scale), beta);
    if (residual) y = tf.add(y, residual);
    return (relu ? tf.relu(y) : y) as T;
  });
}

function blend(old: tf.Tensor, fresh: tf.Tensor, share: number): tf.Tensor {
  return tf.add(tf.mul(old, 1 - share), tf.mul(fresh, share));
}

/** Mean over all positions: `[n, h, w, c]` to `[n, c]`. */
function globalMean(x: tf.Tensor4D): tf.Tensor2D {
  return tf.mean(x, [1, 2]);
}

/** Max-pool over size × size windows; padding never wins. */
function maxPool(x: tf.Tensor4D, size: number, stride: number, pad: number): tf.Tensor4D {
  return tf.maxPool(x, size, stride, pad);
}

/**
 * Linear layer on the last axis.
 * @param x `[…, in]`
 * @param weight `[out, in]`, PyTorch's layout
 * @param bias `[out]`
 * @param residual `[…, out]`, added
 * @returns `[…, out]`
 */
function linear<T extends tf.Tensor>(x: T, weight: tf.Tensor2D, bias?: tf.Tensor1D, residual?: tf.Tensor): T {
  return tf.tidy(() => {
    const [outputs, inputs] = weight.shape;
    const product = tf.matMul(tf.reshape(x, [-1, inputs]), weight, false, true);
    const y = tf.reshape(bias ? tf.add(product, bias) : product, [...x.shape.slice(0, -1), outputs]);
    return (residual ? tf.add(residual, y) : y) as T;
  });
}

/**
 * Mean softmax cross-entropy with hard labels, a scalar.
 * @param logits `[n, classes]`
 * @param labels `[n]` int32
 */
function crossEntropy(logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Scalar {
  return tf.tidy(() => {
    const [count, classes] = logits.shape;
    const chosen = tf.mul(tf.logSoftmax(logits), tf.oneHot(labels, classes, 1, 0, 'float32'));
    return tf.mul(tf.sum(chosen), -1 / count) as tf.Scalar;
  });
}

/** LayerNorm over the last axis; gamma and beta have its length. */
function layerNorm<T extends tf.Tensor>(x: T, gamma: tf.Tensor, beta: tf.Tensor, eps = 1e-5): T {
  return tf.tidy(() => {
    const centred = tf.sub(x, tf.mean(x, -1, true));
    const variance = tf.mean(tf.square(centred), -1, true);
    return tf.add(tf.mul(tf.mul(centred, tf.rsqrt(tf.add(variance, eps))), gamma), beta) as T;
  });
}

/** LayerNorm, and x for another branch of the network. */
function layerNormBranch<T extends tf.Tensor>(x: T, gamma: tf.Tensor, beta: tf.Tensor, eps?: number): [T, T] {
  return [layerNorm(x, gamma, beta, eps), x];
}

/** Exact GELU, x Φ(x) with Φ by erf. */
function gelu<T extends tf.Tensor>(x: T): T {
  return tf.tidy(() => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1)) as T);
}

/**
 * Locality self-attention (Lee et al. 2021): scores q·k × exp(temperature), and no token attends to itself.
 * @param qkv `[n, tokens, 3 × heads × dimHead]`: queries, keys, values, each head by head
 * @param temperature learned scalar
 * @returns `[n, tokens, heads × dimHead]`. Stock softmax limits n × heads × tokens to 65,535.
 */
function attention(qkv: tf.Tensor3D, temperature: tf.Scalar, heads: number): tf.Tensor3D {
  return tf.tidy(() => {
    const [n, tokens, width] = qkv.shape;
    const inner = width / 3;
    const [q, k, v] = tf
      .split(qkv, 3, 2)
      .map((part) => tf.transpose(tf.reshape(part, [n, tokens, heads, inner / heads]), [0, 2, 1, 3]));
    const scores = tf.mul(tf.matMul(q!, k!, false, true), tf.exp(temperature));
    const itself = tf.mul(tf.eye(tokens), -1e30);
    const mixed = tf.matMul(tf.softmax(tf.add(scores, itself)), v!);
    return tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [n, tokens, inner]) as tf.Tensor3D;
  });
}

/** Patches of an image stacked with its copies moved one pixel right, left, down and up: `[n, patches, 5 × channels × patch²]`. */
function shiftedPatches(images: tf.Tensor4D, patch: number): tf.Tensor3D {
  return tf.tidy(() => {
    const [count, height, width, channels] = images.shape;
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
    return tf.reshape(tf.transpose(cut, [0, 1, 3, 2, 4, 5]), [count, -1, 5 * channels * patch ** 2]);
  });
}

/** Puts `classToken` `[1, 1, dim]` in front of `patches` `[n, count, dim]` and adds `position` `[1, count + 1, dim]`. */
function embedTokens(patches: tf.Tensor3D, classToken: tf.Tensor3D, position: tf.Tensor3D): tf.Tensor3D {
  return tf.tidy(() => {
    // Padding both sides of the sum keeps the class token's gradient a plain slice.
    const first = tf.pad(classToken, [
      [0, 0],
      [0, patches.shape[1]],
      [0, 0],
    ]);
    const shifted = tf.pad(patches, [
      [0, 0],
      [1, 0],
      [0, 0],
    ]);
    return tf.add(shifted, tf.add(position, first)) as tf.Tensor3D;
  });
}

/** The stock operations under the names of `operations` in ops.ts. */
export const stockOperations: Operations = {
  attention,
  batchNorm,
  conv2d,
  conv2dBranch,
  crossEntropy,
  embedTokens,
  gelu,
  globalMean,
  layerNorm,
  layerNormBranch,
  linear,
  maxPool,
  shiftedPatches,
};
