import * as tf from '@tensorflow/tfjs-core';
import { nearestByChunk } from '../gpu/nearest';
import type { ReadTensor } from './network';

/** Values of points and of references on the device at once. */
const PIECE_VALUES = 2 ** 22;

/** See `LiveModel.nearestDistances`. */
export async function nearestDistances(
  points: Float32Array,
  references: Float32Array,
  width: number,
  read: ReadTensor,
): Promise<Float64Array> {
  const rows = Math.max(1, Math.floor(PIECE_VALUES / width));
  const least = new Float64Array(points.length / width).fill(Number.POSITIVE_INFINITY);
  const piece = (values: Float32Array, first: number) => {
    const part = values.subarray(first * width, (first + rows) * width);
    return tf.tensor2d(part, [part.length / width, width]);
  };
  for (let first = 0; first < least.length; first += rows) {
    const own = piece(points, first);
    for (let from = 0; from < references.length / width; from += rows) {
      const others = piece(references, from);
      const found = nearestByChunk(own, others);
      const values = await read(found);
      const chunks = found.shape[1];
      values.forEach((square, at) => {
        const point = first + Math.floor(at / chunks);
        least[point] = Math.min(least[point]!, square);
      });
      tf.dispose([others, found]);
    }
    own.dispose();
  }
  return least.map(Math.sqrt);
}
