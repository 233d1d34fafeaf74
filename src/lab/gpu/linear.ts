import * as tf from '@tensorflow/tfjs-core';
import type { SumChunks } from './conv/sum-chunks';
import { dispatchKernel, releaseScratch } from './dispatch';
import { buffers, type Kernel, type Lanes, lanesOf } from './kernel';
import { matmul } from './matmul';
import { sumOverRows } from './row-sums';
import { groupsFor, runKernel, THREADS } from './run';

/** WGSL for a workgroup: the sum of column `column` of dy. */
const sumOfColumn = (element: Lanes) =>
  sumOverRows(element, ['sum'], 'sum += dy[row * uniforms.columns + column];');

/**
 * The column sums of dy.
 * @param chunked whether further workgroups add up a weight gradient's chunks
 */
const sums = (element: Lanes, chunked: boolean): Kernel => ({
  key: `linear:sums:${element}:${chunked}`,
  inputs: buffers(element, 'dy', ...(chunked ? ['partial'] : [])),
  outputs: buffers(element, 'dbias', ...(chunked ? ['dweight'] : [])),
  uniforms: { rows: 'u32', columns: 'u32', ...(chunked && { size: 'u32', chunks: 'u32' }) },
  source: () => `
    ${sumOfColumn(element).shared}
    @compute @workgroup_size(${THREADS})
    fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
      let column = flat_group(group, groups);
      if (column >= uniforms.columns) {
        ${chunked ? sumOfChunks(element) : ''}
        return;
      }
      ${sumOfColumn(element).sum}
      if (lane == 0u) { dbias[column] = sum; }
    }`,
});

const sumOfChunks = (element: Lanes) => `
        let i = (column - uniforms.columns) * ${THREADS}u + lane;
        if (i < uniforms.size) {
          var chunks = ${element}();
          for (var chunk = 0u; chunk < uniforms.chunks; chunk++) { chunks += partial[chunk * uniforms.size + i]; }
          dweight[i] = chunks;
        }`;

/** Gradients of weight and bias. Where the weight's comes in chunks, one dispatch sums these and the columns of dy. */
function weightAndBias(
  dy: tf.Tensor,
  x: tf.Tensor,
  [rows, inputs, outputs]: readonly [number, number, number],
): [weight: tf.Tensor, bias: tf.Tensor] {
  const { element, count: columns } = lanesOf(outputs);
  let dbias: tf.Tensor | undefined;
  const sumChunks: SumChunks = (backend, partial, chunks, shape) => {
    if (chunks === 1) return partial;
    const size = inputs * columns;
    const [bias, weight] = dispatchKernel(backend, sums(element, true), {
      inputs: [dy, partial],
      outputs: [{ shape: [outputs] }, { shape }],
      uniforms: { rows, columns, size, chunks },
      groups: columns + groupsFor(size),
    });
    releaseScratch(backend, partial);
    dbias = tf.engine().makeTensorFromTensorInfo(bias!);
    return weight!;
  };
  const dweight = matmul(dy, x, [outputs, rows, inputs], [outputs, inputs], {
    transposeA: true,
    gradient: true,
    sumChunks,
  });
  dbias ??= runKernel(sums(element, false), {
    inputs: [dy],
    outputs: [{ shape: [outputs] }],
    uniforms: { rows, columns },
    groups: columns,
  })[0]!;
  return [dweight, dbias];
}

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
        matmul(dy, saved[1]!, [rows, outputs, inputs], x.shape, { gradient: true }),
        ...(shift
          ? weightAndBias(dy, saved[0]!, [rows, inputs, outputs])
          : [
              matmul(dy, saved[0]!, [outputs, rows, inputs], weight.shape, {
                transposeA: true,
                gradient: true,
              }),
            ]),
        ...(addend ? [dy.clone()] : []),
      ],
    };
  });
  return forward(x, weight, ...(bias ? [bias] : []), ...(residual ? [residual] : [])) as T;
}
