import * as tf from '@tensorflow/tfjs-core';
import { kernelsFor } from './conv/kernels';
import { type ConvShape, convShape } from './conv/shape';

export interface MatmulOptions {
  /** The left operand is stored as its transpose. Not together with `transposeB`. */
  transposeA?: boolean;
  /** The right operand is stored as its transpose. */
  transposeB?: boolean;
  /** `[n]`, added to every row of the product. Not with `transposeA`. */
  bias?: tf.Tensor;
}

/**
 * `a · b (+ bias)` for matrices `[m, k]` and `[k, n]`, by the kernels of 1×1 convolutions: rows are images of one pixel, and the
 * right operand is the filter, from its input channels to its output channels or, transposed, backwards. With the left one
 * transposed the product is the gradient of such a filter. Not differentiable by itself.
 * @param outputShape shape of the result, of size m·n.
 */
export function matmul(
  a: tf.Tensor,
  b: tf.Tensor,
  [m, k, n]: readonly [number, number, number],
  outputShape: number[],
  { transposeA = false, transposeB = false, bias }: MatmulOptions = {},
): tf.Tensor {
  const backend = tf.backend();
  const pixels = (count: number, channels: number, outChannels: number): ConvShape =>
    convShape([count, 1, 1, channels], [1, 1, channels, outChannels], 1, 0);
  const product = () => {
    if (transposeA) {
      const shape = pixels(k, m, n);
      return kernelsFor(backend, shape).filterGradient(backend, a, b, shape);
    }
    const shape = transposeB ? pixels(m, n, k) : pixels(m, k, n);
    const direction = transposeB ? 'input-gradient' : 'forward';
    return kernelsFor(backend, shape).gather(backend, direction, a, b, shape, bias);
  };
  return tf.engine().makeTensorFromTensorInfo({ ...product(), shape: outputShape });
}
