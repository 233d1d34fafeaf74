import * as tf from '@tensorflow/tfjs-core';
import type { Kernel } from './kernel';
import { groupsFor, run, threadPerItem } from './run';

/** Frozen entries are not written at all: neither weight decay nor momentum can move them. */
const sgdKernel = (masked: boolean): Kernel => ({
  key: `sgd:${masked}`,
  inputs: { gradient: 'f32', rates: 'f32', ...(masked && { mask: 'u32' as const }) },
  outputs: { parameter: 'f32', momentum: 'f32' },
  uniforms: { count: 'u32' },
  source: () =>
    threadPerItem(
      'uniforms.count',
      `${masked ? 'if (((mask[i / 4u] >> (8u * (i % 4u))) & 255u) == 0u) { return; }' : ''}
      let value = parameter[i];
      let velocity = rates[1] * momentum[i] + (gradient[i] + rates[2] * value);
      momentum[i] = velocity;
      parameter[i] = value - rates[0] * velocity;`,
    ),
});

export interface Rates {
  lr: number;
  momentum: number;
  weightDecay: number;
}

/** The small buffer that `sgdStep` reads its rates from, so that a recorded step can be replayed with others: `[3]`. */
export function packRates({ lr, momentum, weightDecay }: Rates): Float32Array {
  return Float32Array.of(lr, momentum, weightDecay);
}

/**
 * A mask (one byte per entry, 1 = trainable) packed for the device, four entries a word: int32 `[ceil(n / 4)]`.
 */
export function packMask(mask: Uint8Array): tf.Tensor1D {
  const bytes = new Uint8Array(Math.ceil(mask.length / 4) * 4);
  bytes.set(mask);
  return tf.tensor1d(new Int32Array(bytes.buffer), 'int32');
}

/**
 * One step of PyTorch's SGD with momentum, in place: `v ← momentum·v + (g + weightDecay·θ)`, `θ ← θ − lr·v`. Entries whose mask is
 * 0 keep the bits of θ and v.
 * @param velocity shaped as the parameter, 0 before the first step.
 * @param rates `[3]`: see `packRates`.
 * @param mask see `packMask`; without it all entries move.
 */
export function sgdStep(
  parameter: tf.Variable,
  velocity: tf.Variable,
  gradient: tf.Tensor,
  rates: tf.Tensor,
  mask?: tf.Tensor,
): void {
  run(sgdKernel(mask !== undefined), {
    inputs: [gradient, rates, ...(mask ? [mask] : [])],
    outputs: [parameter, velocity],
    uniforms: { count: parameter.size },
    groups: groupsFor(parameter.size),
  });
}
