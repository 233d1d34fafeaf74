import * as tf from '@tensorflow/tfjs-core';
import type { Kernel } from './kernel';
import { matmul } from './matmul';
import { groupsFor, runKernel, threadPerItem } from './run';

const columnSums: Kernel = {
  key: 'linear:column-sums',
  inputs: { x: 'f32' },
  outputs: { sums: 'f32' },
  uniforms: { rows: 'u32', columns: 'u32' },
  source: () =>
    threadPerItem(
      'uniforms.columns',
      `var sum = 0.0;
      // Blocks of 64 rows first: a long plain sum would lose digits.
      for (var start = 0u; start < uniforms.rows; start += 64u) {
        var block = 0.0;
        for (var row = start; row < min(start + 64u, uniforms.rows); row++) {
          block += x[row * uniforms.columns + i];
        }
        sum += block;
      }
      sums[i] = sum;`,
    ),
};

/**
 * PyTorch's linear layer and a residual, `x · weightᵀ + bias + residual`. Differentiable in all four.
 * @param x `[..., in]`; the result is `[..., out]`.
 * @param weight `[out, in]`; `bias` `[out]`; `residual` `[..., out]`, only with a bias.
 */
export function linear<T extends tf.Tensor>(
  x: T,
  weight: tf.Tensor2D,
  bias?: tf.Tensor1D,
  residual?: tf.Tensor,
): T {
  const [outputs, inputs] = weight.shape;
  const rows = x.size / inputs;
  const forward = tf.customGrad((...args) => {
    const save = args.pop() as tf.GradSaveFunc;
    const [input, matrix, shift, addend] = args as tf.Tensor[];
    save([input!, matrix!]);
    return {
      value: matmul(input!, matrix!, [rows, inputs, outputs], [...x.shape.slice(0, -1), outputs], {
        transposeB: true,
        ...(shift && { bias: shift }),
        ...(addend && { addend }),
      }),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => [
        matmul(dy, saved[1]!, [rows, outputs, inputs], x.shape),
        matmul(dy, saved[0]!, [outputs, rows, inputs], weight.shape, { transposeA: true }),
        ...(shift
          ? runKernel(columnSums, {
              inputs: [dy],
              outputs: [{ shape: shift.shape }],
              uniforms: { rows, columns: outputs },
              groups: groupsFor(outputs),
            })
          : []),
        ...(addend ? [dy.clone()] : []),
      ],
    };
  });
  return forward(x, weight, ...(bias ? [bias] : []), ...(residual ? [residual] : [])) as T;
}
