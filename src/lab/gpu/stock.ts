/**
 * The operations that models are written with, from stock TF.js ops alone: slow, but plain and differentiable. They are the
 * reference that the kernels behind `ops.ts` are tested against, and what a kernel-less backend (WebGL) falls back to.
 */
import * as tf from '@tensorflow/tfjs-core';

export interface BatchNormOptions {
  /** True: batch statistics, and the running ones are moved. False: a fixed affine map by the running ones. */
  training: boolean;
  /** ReLU on the result, after the residual. */
  relu?: boolean;
  /** Added before the ReLU; the shape of x. */
  residual?: tf.Tensor4D;
  /** Share of the batch's statistics in the new running ones; 0.1. */
  momentum?: number;
  /** 1e-5. */
  eps?: number;
}

/**
 * Convolution.
 * @param x `[n, h, w, in]`
 * @param filter `[kh, kw, in, out]` (the device layout of PyTorch's OIHW)
 * @param pad zeros on every side
 * @returns `[n, floor((h + 2 pad - kh) / stride) + 1, …, out]`
 */
export function conv2d(x: tf.Tensor4D, filter: tf.Tensor4D, stride: number, pad: number): tf.Tensor4D {
  return tf.conv2d(x, filter, stride, pad);
}

/**
 * PyTorch's BatchNorm over all but the last axis, with residual and ReLU behind it. In training the biased batch variance
 * normalises and the unbiased one enters the running variance.
 * @param x `[n, h, w, c]`; the four vectors are `[c]`
 * @param runningMean, runningVariance variables, changed in training
 */
export function batchNorm(
  x: tf.Tensor4D,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  runningMean: tf.Variable<tf.Rank.R1>,
  runningVariance: tf.Variable<tf.Rank.R1>,
  { training, relu = false, residual, momentum = 0.1, eps = 1e-5 }: BatchNormOptions,
): tf.Tensor4D {
  return tf.tidy(() => {
    const axes = [0, 1, 2];
    const mean = training ? tf.mean(x, axes) : runningMean;
    const centred = tf.sub(x, mean);
    const variance = training ? tf.mean(tf.square(centred), axes) : runningVariance;
    if (training) {
      const count = x.size / x.shape[3];
      const unbiased = tf.mul(variance, count / (count - 1));
      runningMean.assign(blend(runningMean, mean as tf.Tensor1D, momentum));
      runningVariance.assign(blend(runningVariance, unbiased as tf.Tensor1D, momentum));
    }
    const scale = tf.mul(gamma, tf.rsqrt(tf.add(variance, eps)));
    let y = tf.add(tf.mul(centred, scale), beta);
    if (residual) y = tf.add(y, residual);
    return (relu ? tf.relu(y) : y) as tf.Tensor4D;
  });
}

function blend(old: tf.Tensor1D, fresh: tf.Tensor1D, share: number): tf.Tensor1D {
  return tf.add(tf.mul(old, 1 - share), tf.mul(fresh, share));
}

/** Mean over all positions: `[n, h, w, c]` to `[n, c]`. */
export function globalMean(x: tf.Tensor4D): tf.Tensor2D {
  return tf.mean(x, [1, 2]);
}

/** Max-pool over size × size windows; padding never wins. */
export function maxPool(x: tf.Tensor4D, size: number, stride: number, pad: number): tf.Tensor4D {
  return tf.maxPool(x, size, stride, pad);
}

/**
 * Linear layer on the last axis.
 * @param x `[…, in]`
 * @param weight `[out, in]`, PyTorch's layout
 * @param bias `[out]`
 * @returns `[…, out]`
 */
export function linear<T extends tf.Tensor>(x: T, weight: tf.Tensor2D, bias?: tf.Tensor1D): T {
  return tf.tidy(() => {
    const [outputs, inputs] = weight.shape;
    const product = tf.matMul(tf.reshape(x, [-1, inputs]), weight, false, true);
    return tf.reshape(bias ? tf.add(product, bias) : product, [...x.shape.slice(0, -1), outputs]) as T;
  });
}

/**
 * Mean softmax cross-entropy with hard labels, a scalar.
 * @param logits `[n, classes]`
 * @param labels `[n]` int32
 */
export function crossEntropy(logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Scalar {
  return tf.tidy(() => {
    const [count, classes] = logits.shape;
    const chosen = tf.mul(tf.logSoftmax(logits), tf.oneHot(labels, classes, 1, 0, 'float32'));
    return tf.mul(tf.sum(chosen), -1 / count) as tf.Scalar;
  });
}

/** LayerNorm over the last axis; gamma and beta have its length. */
export function layerNorm<T extends tf.Tensor>(x: T, gamma: tf.Tensor1D, beta: tf.Tensor1D, eps = 1e-5): T {
  return tf.tidy(() => {
    const centred = tf.sub(x, tf.mean(x, -1, true));
    const variance = tf.mean(tf.square(centred), -1, true);
    return tf.add(tf.mul(tf.mul(centred, tf.rsqrt(tf.add(variance, eps))), gamma), beta) as T;
  });
}

/** Exact GELU, x Φ(x) with Φ by erf. */
export function gelu<T extends tf.Tensor>(x: T): T {
  return tf.tidy(() => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1)) as T);
}

/**
 * Softmax attention in which no token attends to itself: `softmax(scale · q·kᵀ, diagonal masked) · v`.
 * @param q `[n, heads, tokens, dim]`, as `k` and `v`; stock softmax limits n × heads × tokens to 65,535
 * @param scale one number
 */
export function attention(q: tf.Tensor4D, k: tf.Tensor4D, v: tf.Tensor4D, scale: tf.Tensor): tf.Tensor4D {
  return tf.tidy(() => {
    const scores = tf.mul(tf.matMul(q, k, false, true), scale);
    const itself = tf.mul(tf.eye(q.shape[2]), -1e30);
    return tf.matMul(tf.softmax(tf.add(scores, itself)), v) as tf.Tensor4D;
  });
}
