import type * as tf from '@tensorflow/tfjs-core';
import { type Kernel, type Lanes, lanesOf } from './kernel';
import { groupsFor, runKernel, threadPerItem } from './run';

const accumulateKernel = (element: Lanes): Kernel => ({
  key: `accumulate:${element}`,
  inputs: { term: element },
  outputs: { sum: element },
  uniforms: { count: 'u32', square: 'u32' },
  source: () =>
    threadPerItem('uniforms.count', 'sum[i] += select(term[i], term[i] * term[i], uniforms.square == 1u);'),
});

/**
 * Adds `term`, or with `square` its entries' squares (SSD's importance), to a variable in place: gradients over many batches.
 */
export function accumulateGradient(sum: tf.Variable, term: tf.Tensor, { square = false } = {}): void {
  const { element, count } = lanesOf(sum.size);
  runKernel(accumulateKernel(element), {
    inputs: [term],
    outputs: [sum],
    uniforms: { count, square: square ? 1 : 0 },
    groups: groupsFor(count),
  });
}

const clearKernel: Kernel = {
  key: 'clear',
  inputs: {},
  outputs: { sum: 'f32' },
  uniforms: { count: 'u32' },
  source: () => threadPerItem('uniforms.count', 'sum[i] = 0.0;'),
};

/** Sets a variable to zero in place. */
export function clearVariable(sum: tf.Variable): void {
  runKernel(clearKernel, {
    inputs: [],
    outputs: [sum],
    uniforms: { count: sum.size },
    groups: groupsFor(sum.size),
  });
}
