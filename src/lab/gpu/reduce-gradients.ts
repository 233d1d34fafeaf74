import * as tf from '@tensorflow/tfjs-core';
import type { Kernel } from './kernel';
import { groupsFor, runKernel, threadPerItem } from './run';

const AXES = 6;

/** Output axis by axis: its length, and how far one step moves in `dy` (0 along a reduced axis). */
const broadcastKernel: Kernel = {
  key: 'broadcast-scaled',
  inputs: { dy: 'f32' },
  outputs: { dx: 'f32' },
  uniforms: {
    count: 'u32',
    factor: 'f32',
    ...Object.fromEntries(
      Array.from({ length: AXES }, (_, axis) => [
        [`length${axis}`, 'u32' as const],
        [`stride${axis}`, 'u32' as const],
      ]).flat(),
    ),
  },
  source: () =>
    threadPerItem(
      'uniforms.count',
      `var rest = i;
      var source = 0u;
      ${Array.from({ length: AXES }, (_, back) => {
        const axis = AXES - 1 - back;
        return `source += (rest % uniforms.length${axis}) * uniforms.stride${axis};
      rest = rest / uniforms.length${axis};`;
      }).join('\n      ')}
      dx[i] = dy[source] * uniforms.factor;`,
    ),
};

/** Spreads `dy`, the gradient of a reduction of `shape` over `axes`, back over `shape`, times `factor`. */
function spread(dy: tf.Tensor, shape: number[], axes: number[], factor: number): tf.Tensor {
  const uniforms: Record<string, number> = { count: shape.reduce((a, b) => a * b, 1), factor };
  let stride = 1;
  for (let back = 0; back < AXES; back++) {
    const axis = shape.length - 1 - back;
    const length = shape[axis] ?? 1;
    const reduced = axes.includes(axis);
    uniforms[`length${AXES - 1 - back}`] = length;
    uniforms[`stride${AXES - 1 - back}`] = reduced ? 0 : stride;
    if (!reduced) stride *= length;
  }
  return runKernel(broadcastKernel, {
    inputs: [dy],
    outputs: [{ shape }],
    uniforms,
    groups: groupsFor(uniforms.count!),
  })[0]!;
}

let registered = false;

/**
 * Replaces TF.js's gradients of `sum` and `mean`, which build a tensor of ones on the CPU and upload it at every step.
 * Calling again changes nothing.
 */
export function registerReduceGradients(): void {
  if (registered) return;
  registered = true;
  for (const kernelName of ['Sum', 'Mean']) {
    const stock = tf.getGradient(kernelName);
    tf.unregisterGradient(kernelName);
    tf.registerGradient({
      kernelName,
      inputsToSave: ['x'],
      gradFunc: (dy, saved, attrs) => {
        const gradient = dy as tf.Tensor;
        const x = saved[0]!;
        const axes = tf.util.parseAxisParam(attrs.axis as number | number[], x.shape);
        const share = kernelName === 'Mean' ? axes.reduce((size, axis) => size / x.shape[axis]!, 1) : 1;
        if (tf.getBackend() !== 'webgpu' || x.rank > AXES) return stock.gradFunc(dy, saved, attrs);
        return { x: () => spread(gradient, x.shape, axes, share) };
      },
    });
  }
}
