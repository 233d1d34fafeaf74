import type * as tf from '@tensorflow/tfjs-core';
import { type Kernel, type Lanes, lanesOf } from './kernel';
import { groupsFor, runKernel, threadPerItem } from './run';

/** References that one thread compares its point with. */
const CHUNK = 32;

const nearestKernel = (element: Lanes): Kernel => ({
  key: `nearest:${element}`,
  inputs: { all_points: element, all_references: element },
  outputs: { nearest: 'f32' },
  uniforms: { points: 'u32', references: 'u32', width: 'u32', chunks: 'u32' },
  source: () => `
    fn square(d: ${element}) -> f32 { return ${element === 'f32' ? 'd * d' : 'dot(d, d)'}; }
    ${threadPerItem(
      'uniforms.points * uniforms.chunks',
      `let point = (i / uniforms.chunks) * uniforms.width;
      let first = (i % uniforms.chunks) * ${CHUNK}u;
      var least = 3.4e38;
      for (var r = first; r < min(first + ${CHUNK}u, uniforms.references); r++) {
        var sum = 0.0;
        for (var k = 0u; k < uniforms.width; k++) {
          sum += square(all_points[point + k] - all_references[r * uniforms.width + k]);
        }
        least = min(least, sum);
      }
      nearest[i] = least;`,
    )}`,
});

/**
 * Squared Euclidean distances to the nearest of some references, from each of several chunks of them.
 * @param points `[n, width]` @param references `[m, width]`
 * @returns `[n, chunks]`; the least of a row is the distance
 */
export function nearestByChunk(points: tf.Tensor2D, references: tf.Tensor2D): tf.Tensor2D {
  const { element, count: width } = lanesOf(points.shape[1]);
  const chunks = Math.ceil(references.shape[0] / CHUNK);
  return runKernel(nearestKernel(element), {
    inputs: [points, references],
    outputs: [{ shape: [points.shape[0], chunks] }],
    uniforms: { points: points.shape[0], references: references.shape[0], width, chunks },
    groups: groupsFor(points.shape[0] * chunks),
  })[0] as tf.Tensor2D;
}
