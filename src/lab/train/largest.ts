import * as tf from '@tensorflow/tfjs-core';
import { canSelectAmong, selectLargest } from '../gpu/radix-select';
import type { ReadTensor } from './network';

/** See `LiveModel.largest`. */
export async function largest(
  scores: Float32Array,
  wanted: number,
  read: ReadTensor,
): Promise<Uint32Array | undefined> {
  if (!canSelectAmong(scores.length)) return undefined;
  // The kernel cannot select none.
  if (wanted === 0) return new Uint32Array(Math.ceil(scores.length / 32));
  const bits = tf.tidy(() => selectLargest(tf.tensor1d(scores), wanted));
  // An int32 tensor comes as an Int32Array, whatever the type says; the conversion to unsigned words keeps the bits.
  return Uint32Array.from(await read(bits).finally(() => bits.dispose()));
}
