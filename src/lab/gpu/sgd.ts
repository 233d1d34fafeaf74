import * as tf from '@tensorflow/tfjs-core';
import { internalsOf } from './internals';
import { type Kernel, lines, range } from './kernel';
import { groupsFor, run, THREADS } from './run';

/** One parameter's part in an optimizer step. */
export interface Update {
  parameter: tf.Variable;
  /** Shaped as the parameter, 0 before the first step. */
  velocity: tf.Variable;
  gradient: tf.Tensor;
  /** See `packMask`; without it all entries move. */
  mask?: tf.Tensor;
}

const named = <Element>(names: string[], count: number, element: Element) =>
  Object.fromEntries(range(count).flatMap((i) => names.map((name) => [`${name}${i}`, element] as const)));

/**
 * Updates several parameters; a workgroup belongs to one of them. Frozen entries are not written at all: neither weight decay nor
 * momentum can move them.
 */
const sgdKernel = (parameters: number, masked: boolean): Kernel => ({
  key: `sgd:${parameters}:${masked}`,
  manyBuffers: true,
  inputs: {
    rates: 'f32',
    ...named(['gradient'], parameters, 'f32' as const),
    ...(masked && named(['mask'], parameters, 'u32' as const)),
  },
  outputs: named(['parameter', 'velocity'], parameters, 'f32' as const),
  uniforms: named(['count'], parameters, 'u32' as const),
  source: () => `
    @compute @workgroup_size(${THREADS})
    fn main(
      @builtin(workgroup_id) group: vec3u,
      @builtin(num_workgroups) groups: vec3u,
      @builtin(local_invocation_index) lane: u32,
    ) {
      var i = flat_group(group, groups) * ${THREADS}u + lane;
      ${lines(
        parameters,
        (p) => `
      if (i < uniforms.count${p}) {
        ${masked ? `if (((mask${p}[i / 4u] >> (8u * (i % 4u))) & 255u) == 0u) { return; }` : ''}
        let value = parameter${p}[i];
        let v = rates[1] * velocity${p}[i] + (gradient${p}[i] + rates[2] * value);
        velocity${p}[i] = v;
        parameter${p}[i] = value - rates[0] * v;
      }
      let own${p} = (uniforms.count${p} + ${THREADS - 1}u) / ${THREADS}u * ${THREADS}u;
      if (i < own${p}) { return; }
      i -= own${p};`,
      )}
    }`,
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
 * @param rates `[3]`: see `packRates`.
 * @param storageBuffers how many a dispatch may bind, by which as many parameters share one; default is the device's limit.
 */
export function sgdStep(
  updates: readonly Update[],
  rates: tf.Tensor,
  storageBuffers = internalsOf(tf.backend()).device.limits.maxStorageBuffersPerShaderStage,
): void {
  for (const masked of [false, true]) {
    const alike = updates.filter(({ mask }) => (mask !== undefined) === masked);
    const perDispatch = Math.floor((storageBuffers - 1) / (masked ? 4 : 3));
    for (let from = 0; from < alike.length; from += perDispatch)
      updateTogether(alike.slice(from, from + perDispatch), rates, masked);
  }
}

function updateTogether(updates: readonly Update[], rates: tf.Tensor, masked: boolean): void {
  run(sgdKernel(updates.length, masked), {
    inputs: [
      rates,
      ...updates.map(({ gradient }) => gradient),
      ...updates.flatMap(({ mask }) => (mask ? [mask] : [])),
    ],
    outputs: updates.flatMap(({ parameter, velocity }) => [parameter, velocity]),
    uniforms: Object.fromEntries(updates.map(({ parameter }, p) => [`count${p}`, parameter.size])),
    groups: updates.reduce((sum, { parameter }) => sum + groupsFor(parameter.size), 0),
  });
}
