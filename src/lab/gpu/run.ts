import * as tf from '@tensorflow/tfjs-core';
import { type DispatchRequest, dispatchKernel } from './dispatch';
import type { Kernel } from './kernel';

/** Threads per workgroup of kernels in which every thread works alone. */
export const THREADS = 64;

/**
 * Runs a kernel on TF.js's current backend.
 * @returns its outputs as tensors that `tidy` tracks; an output changed in place comes back as the tensor that was given.
 */
export function runKernel(kernel: Kernel, request: DispatchRequest): tf.Tensor[] {
  return dispatchKernel(tf.backend(), kernel, request).map((info, i) => {
    const given = request.outputs[i]!;
    return 'dataId' in given ? (given as tf.Tensor) : tf.engine().makeTensorFromTensorInfo(info);
  });
}

/** The entry point of a kernel with one thread per item; `body` sees its number as `i` and returns where i >= `count`. */
export function threadPerItem(count: string, body: string): string {
  return `
    @compute @workgroup_size(${THREADS})
    fn main(
      @builtin(workgroup_id) group: vec3u,
      @builtin(num_workgroups) groups: vec3u,
      @builtin(local_invocation_index) lane: u32,
    ) {
      let i = flat_group(group, groups) * ${THREADS}u + lane;
      if (i >= ${count}) { return; }
      ${body}
    }`;
}

/** Workgroups for a `threadPerItem` kernel over `count` items. */
export function groupsFor(count: number): number {
  return Math.ceil(count / THREADS);
}
