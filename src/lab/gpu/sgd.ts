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
  /** `[4]`: see `packRates`. */
  rates: tf.Tensor;
  /** See `packMask`; without it all entries move. */
  mask?: tf.Tensor;
  /** Whether the mask has entries of 2. */
  scales?: boolean;
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

/** WGSL: the mask's bytes of an element's entries, and what they are compared with. Masks hold one byte per entry, four to a word. */
const maskBytes = (element: Lanes) =>
  element === 'f32'
    ? '((mask[at / 4u] >> (8u * (at % 4u))) & 255u)'
    : '((vec4u(mask[at]) >> vec4u(0u, 8u, 16u, 24u)) & vec4u(255u))';
const byte = (element: Lanes, value: number) => (element === 'f32' ? `${value}u` : `vec4u(${value}u)`);

/** What the mask says: nothing, which entries are frozen, or also whose gradients are scaled. */
type Entries = 'all' | 'masked' | 'scaled';

/**
 * Updates several parameters; each workgroup works on one of them. Frozen entries keep their bits: neither weight decay nor momentum
 * moves them. Compile time grows with the source, so only reading and writing is written out per parameter.
 */
const sgdKernel = (element: Lanes, parameters: number, entries: Entries): Kernel => ({
  key: `sgd:${element}:${parameters}:${entries}`,
  manyBuffers: true,
  inputs: {
    rates: 'f32',
    ...(entries !== 'all' && { mask: 'u32' as const }),
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
      ${
        entries === 'scaled'
          ? `gradient *= select(${element}(1.0), ${element}(rates[3]), ${maskBytes(element)} == ${byte(element, 2)});`
          : ''
      }
      let old = velocity[at];
      let v = rates[1] * old + (gradient + rates[2] * value);
      let next = value - rates[0] * v;
      ${entries === 'all' ? '' : `let free = ${maskBytes(element)} != ${byte(element, 0)};`}
      velocity[at] = ${entries === 'all' ? 'v' : 'select(old, v, free)'};
      let result = ${entries === 'all' ? 'next' : 'select(value, next, free)'};
      ${lines(parameters, (p) => `if (owner == ${p}u) { parameter${p}[place] = result; }`)}
    }`,
});

export interface Rates {
  lr: number;
  momentum: number;
  weightDecay: number;
  /** What the gradients of entries whose mask is 2 are multiplied by. */
  gradientScale?: number;
}

/** The small buffer that `sgdStep` reads its rates from, so that a recorded step can be replayed with others: `[4]`. */
export function packRates({ lr, momentum, weightDecay, gradientScale = 1 }: Rates): Float32Array {
  return Float32Array.of(lr, momentum, weightDecay, gradientScale);
}

/**
 * A mask (one byte per entry: 0 = frozen, 1 = trainable, 2 = trainable with a scaled gradient) packed for the device, four entries a word:
 * int32 `[ceil(n / 4)]`.
 */
export function packMask(mask: Uint8Array): tf.Tensor1D {
  const bytes = new Uint8Array(Math.ceil(mask.length / 4) * 4);
  bytes.set(mask);
  return tf.tensor1d(new Int32Array(bytes.buffer), 'int32');
}

/**
 * One step of PyTorch's SGD with momentum, in place: `v ← momentum·v + (g + weightDecay·θ)`, `θ ← θ − lr·v`. Entries whose mask is
 * 0 keep the bits of θ and v; where it is 2, g is scaled first.
 * @param storageBuffers how many a dispatch may bind, by which as many parameters share one; default is the device's limit.
 */
export function sgdStep(
  updates: readonly Update[],
  { velocity, rates, mask, scales = false }: OptimizerState,
  storageBuffers = internalsOf(tf.backend()).device.limits.maxStorageBuffersPerShaderStage,
): void {
  const shared = mask ? [rates, mask] : [rates];
  const entries = mask ? (scales ? 'scaled' : 'masked') : 'all';
  const perDispatch = Math.floor((storageBuffers - shared.length - 1) / 2);
  for (const element of ['vec4<f32>', 'f32'] as const) {
    const alike = updates.filter(({ parameter }) => lanesOf(parameter.size).element === element);
    const width = element === 'f32' ? 1 : 4;
    for (let from = 0; from < alike.length; from += perDispatch) {
      const together = alike.slice(from, from + perDispatch);
      runKernel(sgdKernel(element, together.length, entries), {
        inputs: [...shared, ...together.map(({ gradient }) => gradient)],
        outputs: [velocity, ...together.map(({ parameter }) => parameter)],
        uniforms: Object.fromEntries(
          together.flatMap(({ parameter, offset }, p) => [
            [`count${p}`, parameter.size / width],
            [`offset${p}`, offset / width],
          ]),
        ),
        groups: together.reduce((sum, { parameter }) => sum + groupsFor(parameter.size / width), 0),
        // Of the lists it touches the places of these parameters: gradient, and parameter and velocity twice.
        bytes: together.reduce((sum, { parameter }) => sum + (5 * 4 + (mask ? 1 : 0)) * parameter.size, 0),
      });
    }
  }
}
