import * as tf from '@tensorflow/tfjs-core';
import { canSelectAmong, selectLargest } from '../gpu/radix-select';
import type { ModelSpec } from '../nn/spec';
import { type Mask, sizeOf } from '../tensors';
import type { ReadTensor } from './network';

/** See `LiveModel.largest`. */
export async function largest(
  { parameters, size }: ModelSpec,
  scores: Record<string, Float32Array>,
  wanted: number,
  read: ReadTensor,
): Promise<Mask | undefined> {
  if (!canSelectAmong(size)) return undefined;
  const flat = new Float32Array(size);
  const selected = new Uint8Array(size);
  const lengths = parameters.map(({ shape }) => sizeOf(shape));
  const starts = lengths.map((_, i) => lengths.slice(0, i).reduce((sum, length) => sum + length, 0));
  parameters.forEach(({ name }, i) => {
    flat.set(scores[name]!, starts[i]);
  });
  if (wanted > 0) {
    const bits = tf.tidy(() => selectLargest(tf.tensor1d(flat), wanted));
    // An int32 tensor comes as int32.
    const words = await read(bits).finally(() => bits.dispose());
    for (let i = 0; i < size; i++) selected[i] = (words[i >>> 5]! >>> (i & 31)) & 1;
  }
  return Object.fromEntries(
    parameters.map(({ name }, i) => [name, selected.subarray(starts[i], starts[i]! + lengths[i]!)]),
  );
}
