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
  // The kernel selects at least one.
  if (wanted === 0) return new Uint32Array(Math.ceil(scores.length / 32));
  const bits = tf.tidy(() => selectLargest(tf.tensor1d(scores), wanted));
  // An int32 tensor comes as int32; as unsigned words the numbers change and the bits do not.
  return Uint32Array.from(await read(bits).finally(() => bits.dispose()));
}
