import type * as tf from '@tensorflow/tfjs-core';
import { sizeOf } from '../tensors';
import type { Kernel } from './kernel';
import { readTensor } from './read';
import { groupsFor, runKernel, threadPerItem } from './run';

const noiseKernel: Kernel = {
  key: 'tiling-trial:noise',
  inputs: {},
  outputs: { values: 'f32' },
  uniforms: { count: 'u32', seed: 'u32' },
  // PCG's output function (O'Neill 2014) of the element's number.
  source: () =>
    threadPerItem(
      'uniforms.count',
      `let state = (i + uniforms.seed * 0x9e3779b9u) * 747796405u + 2891336453u;
      let word = ((state >> ((state >> 28u) + 4u)) ^ state) * 277803737u;
      values[i] = f32(((word >> 22u) ^ word) >> 8u) / 16777216.0 - 0.5;`,
    ),
};

/** Numbers between −0.5 and 0.5 made on the device, always the same. */
export function noise(shape: number[], seed: number): tf.Tensor {
  const count = sizeOf(shape);
  return runKernel(noiseKernel, {
    inputs: [],
    outputs: [{ shape }],
    uniforms: { count, seed },
    groups: groupsFor(count),
  })[0]!;
}

const THREADS = 4096;

const compareKernel: Kernel = {
  key: 'tiling-trial:compare',
  inputs: { a: 'f32', b: 'f32' },
  outputs: { found: 'f32' },
  uniforms: { count: 'u32' },
  source: () =>
    threadPerItem(
      `${THREADS}u`,
      `var difference = 0.0;
      var largest = 0.0;
      var differing = 0.0;
      for (var at = i; at < uniforms.count; at += ${THREADS}u) {
        let left = bitcast<u32>(a[at]);
        let right = bitcast<u32>(b[at]);
        // Compilers may assume that there are no infinities and NaNs, so they are told by their bits.
        if ((left & 0x7f800000u) == 0x7f800000u || (right & 0x7f800000u) == 0x7f800000u) {
          difference = 3e38;
          differing = 1.0;
          continue;
        }
        difference = max(difference, abs(a[at] - b[at]));
        largest = max(largest, abs(b[at]));
        if (left != right) { differing = 1.0; }
      }
      found[i * 3u] = difference;
      found[i * 3u + 1u] = largest;
      found[i * 3u + 2u] = differing;`,
    ),
};

/** How near two tensors of one shape are: their largest difference over the largest value of `b`, and whether all bits are the same. */
export async function agreement(a: tf.Tensor, b: tf.Tensor): Promise<{ error: number; sameBits: boolean }> {
  const [found] = runKernel(compareKernel, {
    inputs: [a, b],
    outputs: [{ shape: [THREADS, 3] }],
    uniforms: { count: a.size },
    groups: groupsFor(THREADS),
  });
  const values = (await readTensor(found!)) as Float32Array;
  found!.dispose();
  const most = (column: number) =>
    values.reduce((largest, value, i) => (i % 3 === column ? Math.max(largest, value) : largest), 0);
  const [difference, largest] = [most(0), most(1)];
  return { error: difference === 0 ? 0 : difference / (largest || 1), sameBits: most(2) === 0 };
}
