import type { TensorInfo } from '@tensorflow/tfjs-core';
import { sizeOf } from '../../tensors';
import { dispatchKernel, releaseScratch } from '../dispatch';
import { type Kernel, type Lanes, lanesOf } from '../kernel';
import { groupsFor, threadPerItem } from '../run';

const sumKernel = (element: Lanes): Kernel => ({
  key: `conv-filter-gradient:sum:${element}`,
  inputs: { partial: element },
  outputs: { result: element },
  uniforms: { size: 'u32', chunks: 'u32' },
  source: () =>
    threadPerItem(
      'uniforms.size',
      `var sum = ${element}();
      for (var chunk = 0u; chunk < uniforms.chunks; chunk++) { sum += partial[chunk * uniforms.size + i]; }
      result[i] = sum;`,
    ),
});

/** Makes the result of partial results. */
export type SumChunks = (
  backend: unknown,
  partial: TensorInfo,
  chunks: number,
  shape: number[],
) => TensorInfo;

/**
 * Adds partial results in a fixed order and gives the scratch tensor back.
 * @param partial `[chunks, ...shape]`, or, when there is one chunk, already the result
 */
export const sumChunks: SumChunks = (backend, partial, chunks, shape) => {
  if (chunks === 1) return partial;
  const { element, count } = lanesOf(sizeOf(shape));
  const sum = dispatchKernel(backend, sumKernel(element), {
    inputs: [partial],
    outputs: [{ shape }],
    uniforms: { size: count, chunks },
    groups: groupsFor(count),
  })[0]!;
  releaseScratch(backend, partial);
  return sum;
};
