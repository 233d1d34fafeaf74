import * as tf from '@tensorflow/tfjs-core';
import { internalsOf } from './internals';
import { type Kernel, type Lanes, lanesOf, lines, range } from './kernel';
import { groupsFor, runKernel, THREADS } from './run';

/** One parameter's part in an optimizer step. */
export interface Update {
  parameter: tf.Variable;
  gradient: tf.Tensor;
  /** Where its entries begin in the state's lists: see `layOutLists`. */
  offset: number;
}

/**
 * What all updates share. A dispatch may bind only a few buffers, so the velocities of all parameters lie in one list, and so do
 * their masks.
 */
export interface OptimizerState {
  /** 0 before the first step. */
  velocity: tf.Variable;
  /** `[3]`: see `packRates`. */
  rates: tf.Tensor;
  /** See `packMask`; without it all entries move. */
  mask?: tf.Tensor;
}

/** Masks are packed four to a word, so every list begins at a multiple of 4: offsets of lists of these sizes, one after the other. */
export function layOutLists(sizes: readonly number[]): { offsets: number[]; total: number } {
  const offsets: number[] = [];
  let total = 0;
  for (const size of sizes) {
    offsets.push(total);
    total += Math.ceil(size / 4) * 4;
  }
  return { offsets, total };
}

const named = <Element>(names: string[], count: number, element: Element) =>
  Object.fromEntries(range(count).flatMap((i) => names.map((name) => [`${name}${i}`, element] as const)));

/** WGSL: which entries of an element the mask leaves free. Masks hold one byte per entry, four to a word. */
const free = (element: Lanes) =>
  element === 'f32'
    ? '((mask[at / 4u] >> (8u * (at % 4u))) & 255u) != 0u'
    : '((vec4u(mask[at]) >> vec4u(0u, 8u, 16u, 24u)) & vec4u(255u)) != vec4u()';

/**
 * Updates several parameters; each workgroup works on one of them. Frozen entries keep their bits: neither weight decay nor momentum
 * moves them. Compile time grows with the source, so only reading and writing is written out per parameter.
 */
const sgdKernel = (element: Lanes, parameters: number, masked: boolean): Kernel => ({
  key: `sgd:${element}:${parameters}:${masked}`,
  manyBuffers: true,
  inputs: {
    rates: 'f32',
    ...(masked && { mask: 'u32' as const }),
    ...named(['gradient'], parameters, element),
  },
  outputs: { velocity: element, ...named(['parameter'], parameters, element) },
  uniforms: named(['count', 'offset'], parameters, 'u32' as const),
  source: () => `
    @compute @workgroup_size(${THREADS})
    fn main(
      @builtin(workgroup_id) group: vec3u,
      @builtin(num_workgroups) groups: vec3u,
      @builtin(local_invocation_index) lane: u32,
    ) {
      // Counts down as parameters are passed; below 0 it wraps round, past any count.
      var i = flat_group(group, groups) * ${THREADS}u + lane;
      var owner = ${parameters}u;
      var place = 0u;
      var at = 0u;
      var value = ${element}();
      var gradient = ${element}();
      ${lines(
        parameters,
        (p) => `
      if (i < uniforms.count${p}) {
        owner = ${p}u;
        place = i;
        at = uniforms.offset${p} + i;
        value = parameter${p}[i];
        gradient = gradient${p}[i];
      }
      i -= (uniforms.count${p} + ${THREADS - 1}u) / ${THREADS}u * ${THREADS}u;`,
      )}
      if (owner == ${parameters}u) { return; }
      let old = velocity[at];
      let v = rates[1] * old + (gradient + rates[2] * value);
      let next = value - rates[0] * v;
      ${masked ? `let free = ${free(element)};` : ''}
      velocity[at] = ${masked ? 'select(old, v, free)' : 'v'};
      let result = ${masked ? 'select(value, next, free)' : 'next'};
      ${lines(parameters, (p) => `if (owner == ${p}u) { parameter${p}[place] = result; }`)}
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
 * @param storageBuffers how many a dispatch may bind, by which as many parameters share one; default is the device's limit.
 */
export function sgdStep(
  updates: readonly Update[],
  { velocity, rates, mask }: OptimizerState,
  storageBuffers = internalsOf(tf.backend()).device.limits.maxStorageBuffersPerShaderStage,
): void {
  const shared = mask ? [rates, mask] : [rates];
  const perDispatch = Math.floor((storageBuffers - shared.length - 1) / 2);
  for (const element of ['vec4<f32>', 'f32'] as const) {
    const alike = updates.filter(({ parameter }) => lanesOf(parameter.size).element === element);
    const width = element === 'f32' ? 1 : 4;
    for (let from = 0; from < alike.length; from += perDispatch) {
      const together = alike.slice(from, from + perDispatch);
      runKernel(sgdKernel(element, together.length, mask !== undefined), {
        inputs: [...shared, ...together.map(({ gradient }) => gradient)],
        outputs: [velocity, ...together.map(({ parameter }) => parameter)],
        uniforms: Object.fromEntries(
          together.flatMap(({ parameter, offset }, p) => [
            [`count${p}`, parameter.size / width],
            [`offset${p}`, offset / width],
          ]),
        ),
        groups: together.reduce((sum, { parameter }) => sum + groupsFor(parameter.size / width), 0),
      });
    }
  }
}
