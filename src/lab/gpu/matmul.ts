import * as tf from '@tensorflow/tfjs-core';
import { kernelsFor } from './conv/kernels';
import { gradientScale, inRegisters, type Operands, scales, scaleUniforms } from './conv/operands';
import { type ConvShape, convShape } from './conv/shape';
import type { SumChunks } from './conv/sum-chunks';
import type { Kernel } from './kernel';
import { productsOf } from './products';
import { groupsFor, runKernel, threadPerItem } from './run';

export interface MatmulOptions {
  /** The left operand is stored as its transpose. Not together with `transposeB`. */
  transposeA?: boolean;
  /** The right operand is stored as its transpose. */
  transposeB?: boolean;
  /** `[n]`, added to every row of the product. Not with `transposeA`. */
  bias?: tf.Tensor;
  /** `[m, n]`, added to the product last. Not with `transposeA`. */
  addend?: tf.Tensor;
  /** The left operand is a loss's gradient: see `gradientScale`. */
  gradient?: boolean;
  /** What makes the product of its chunks, with `transposeA`; a plain kernel has none. */
  sumChunks?: SumChunks;
}

/** One thread per value: slow, but quick to compile, where a CPU driver takes seconds to compile a convolution's kernel. */
const plainKernel = (bias: boolean, addend: boolean, operands: Operands): Kernel => ({
  key: `matmul:plain:${bias}:${addend}:${operands}`,
  inputs: {
    a: 'f32',
    b: 'f32',
    ...(bias && { bias: 'f32' as const }),
    ...(addend && { addend: 'f32' as const }),
  },
  outputs: { product: 'f32' },
  uniforms: {
    count: 'u32',
    n: 'u32',
    k: 'u32',
    a_row: 'u32',
    a_term: 'u32',
    b_term: 'u32',
    b_column: 'u32',
    ...scaleUniforms(operands),
  },
  source: () => {
    const a = inRegisters(operands, 'a[row * uniforms.a_row + t * uniforms.a_term]', 'uniforms.scale');
    const b = inRegisters(operands, 'b[t * uniforms.b_term + column * uniforms.b_column]');
    return threadPerItem(
      'uniforms.count',
      `let row = i / uniforms.n;
      let column = i % uniforms.n;
      var sum = ${bias ? 'bias[column]' : '0.0'};
      // Blocks of 64 terms first: a long plain sum would lose digits.
      for (var start = 0u; start < uniforms.k; start += 64u) {
        var block = 0.0;
        for (var t = start; t < min(start + 64u, uniforms.k); t++) {
          block += ${a} * ${b};
        }
        sum += ${operands === 'f32' ? 'block' : 'block * uniforms.unscale'};
      }
      product[i] = sum${addend ? ' + addend[i]' : ''};`,
    );
  },
});

/**
 * `a · b (+ bias) (+ addend)` for matrices `[m, k]` and `[k, n]`, by the kernels of 1×1 convolutions: rows are images of one pixel, and the
 * right operand is the filter, from its input channels to its output channels or, transposed, backwards. With the left one
 * transposed the product is the gradient of such a filter. On CPU drivers matrices whose sides are no multiples of 4 (a
 * classifier's) go by a plain kernel. Not differentiable by itself.
 * @param outputShape shape of the result, of size m·n.
 */
export function matmul(
  a: tf.Tensor,
  b: tf.Tensor,
  [m, k, n]: readonly [number, number, number],
  outputShape: number[],
  { transposeA = false, transposeB = false, bias, addend, gradient = false, sumChunks }: MatmulOptions = {},
): tf.Tensor {
  const backend = tf.backend();
  const { variant, operands } = productsOf(backend);
  if (variant !== 'tiled' && [m, k, n].some((side) => side % 4 !== 0))
    return runKernel(plainKernel(bias !== undefined, addend !== undefined, operands), {
      inputs: [a, b, ...(bias ? [bias] : []), ...(addend ? [addend] : [])],
      outputs: [{ shape: outputShape }],
      uniforms: {
        count: m * n,
        n,
        k,
        a_row: transposeA ? 1 : k,
        a_term: transposeA ? m : 1,
        b_term: transposeB ? 1 : n,
        b_column: transposeB ? k : 1,
        ...scales(gradient ? gradientScale(transposeA ? k : m) : 1),
      },
      groups: groupsFor(m * n),
    })[0]!;
  const pixels = (count: number, channels: number, outChannels: number): ConvShape =>
    convShape([count, 1, 1, channels], [1, 1, channels, outChannels], 1, 0);
  const product = () => {
    if (transposeA) {
      const shape = pixels(k, m, n);
      return kernelsFor(backend, shape).filterGradient(backend, a, b, shape, {
        sum: sumChunks,
        ...(gradient && { gradient: 'x' }),
      });
    }
    const shape = transposeB ? pixels(m, n, k) : pixels(m, k, n);
    const direction = transposeB ? 'input-gradient' : 'forward';
    return kernelsFor(backend, shape).gather(backend, direction, a, b, shape, { bias, addend, gradient });
  };
  return tf.engine().makeTensorFromTensorInfo({ ...product(), shape: outputShape });
}
