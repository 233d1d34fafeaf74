import * as tf from '@tensorflow/tfjs-core';
import { batchNormGradients, batchStatistics, normaliseAndScale } from './batch-norm-kernels';
import { fitsOneDispatch, normaliseWhole, wholeGradients } from './batch-norm-whole';

export interface BatchNormOptions {
  /** Normalise with the statistics of this batch and move the running ones; otherwise use the running ones. */
  training: boolean;
  /** Added after normalising. */
  residual?: tf.Tensor;
  /** Applied last. */
  relu?: boolean;
  /** Share of the batch in the new running statistics. */
  momentum?: number;
  eps?: number;
}

/**
 * Batch normalisation over all but the last dimension with PyTorch's semantics, fused with an optional residual addition and
 * ReLU: the biased batch variance normalises, the unbiased one moves the running variance. Differentiable in x, gamma, beta
 * and the residual, in both modes; in eval mode it is a fixed affine map.
 * @param x `[..., channels]`; the other arguments `[channels]`.
 */
export function batchNorm<T extends tf.Tensor>(
  x: T,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  runningMean: tf.Variable,
  runningVariance: tf.Variable,
  { training, residual, relu = false, momentum = 0.1, eps = 1e-5 }: BatchNormOptions,
): T {
  const whole = training && fitsOneDispatch(x);
  const normalize = tf.customGrad((...args) => {
    const save = args.pop() as tf.GradSaveFunc;
    const [input, scale, shift, skip] = args as tf.Tensor[];
    const options = { relu, eps, momentum };
    if (whole) {
      const running: [tf.Variable, tf.Variable] = [runningMean, runningVariance];
      const [value, statistics] = normaliseWhole(input!, scale!, shift!, running, skip, options);
      save(relu ? [input!, statistics, value] : [input!, statistics]);
      return {
        value,
        gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
          wholeGradients(dy, saved[0]!, saved[1]!, saved[2], { residual: residual !== undefined, eps }),
      };
    }
    const [mean, variance] = training
      ? batchStatistics(input!, runningMean, runningVariance, momentum)
      : [runningMean, runningVariance];
    const value = normaliseAndScale(input!, mean!, variance!, scale!, shift!, skip, options);
    save(relu ? [input!, scale!, mean!, variance!, value] : [input!, scale!, mean!, variance!]);
    return {
      value,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        batchNormGradients(dy, saved[0]!, saved[1]!, saved[2]!, saved[3]!, saved[4], {
          residual: residual !== undefined,
          training,
          eps,
        }),
    };
  });
  return normalize(x, gamma, beta, ...(residual ? [residual] : [])) as T;
}
