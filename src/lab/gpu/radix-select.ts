import * as tf from '@tensorflow/tfjs-core';
import { internalsOf } from './internals';
import type { Kernel } from './kernel';
import { groupsFor, runKernel, threadPerItem } from './run';

/** Each pass finds one digit of the threshold, highest first; the lowest digit overlaps the middle one by a bit. */
const DIGITS = 2048;
const SHIFTS = [21, 10, 0] as const;

const HISTOGRAM_THREADS = 256;
/** Scores that a workgroup counts: many, since each workgroup adds its whole histogram at the end. */
const HISTOGRAM_SCORES = 64 * HISTOGRAM_THREADS;
/** Scores that a thread walks in order, to number those equal to the threshold. */
const RUN = 1024;

/** Devices may flush small floats to zero, so the scores are compared as unsigned numbers in the same order. */
const keyOf = `
    fn key_of(bits: u32) -> u32 {
      if (bits == 0x80000000u) { return bits; }
      return select(bits | 0x80000000u, ~bits, (bits >> 31u) == 1u);
    }`;

/** `state`: the threshold's known bits, which bits those are, and how many of the keys with these bits are wanted. */
const histogramKernel: Kernel = {
  key: 'radix-select:histogram',
  inputs: { scores: 'u32', state: 'u32' },
  outputs: { histogram: 'atomic<u32>' },
  uniforms: { count: 'u32', shift: 'u32' },
  source: () => `
    ${keyOf}
    var<workgroup> own: array<atomic<u32>, ${DIGITS}>;
    @compute @workgroup_size(${HISTOGRAM_THREADS})
    fn main(
      @builtin(workgroup_id) group: vec3u,
      @builtin(num_workgroups) groups: vec3u,
      @builtin(local_invocation_index) lane: u32,
    ) {
      let first = flat_group(group, groups) * ${HISTOGRAM_SCORES}u;
      let end = min(first + ${HISTOGRAM_SCORES}u, uniforms.count);
      for (var i = first + lane; i < end; i += ${HISTOGRAM_THREADS}u) {
        let key = key_of(scores[i]);
        if ((key & state[1]) == state[0]) { atomicAdd(&own[(key >> uniforms.shift) % ${DIGITS}u], 1u); }
      }
      workgroupBarrier();
      for (var digit = lane; digit < ${DIGITS}u; digit += ${HISTOGRAM_THREADS}u) {
        let counted = atomicLoad(&own[digit]);
        if (counted > 0u) { atomicAdd(&histogram[digit], counted); }
      }
    }`,
};

/** Finds the digit in which the last wanted key lies, and clears the histogram for the next pass. */
const digitKernel: Kernel = {
  key: 'radix-select:digit',
  inputs: {},
  outputs: { state: 'u32', histogram: 'u32' },
  uniforms: { shift: 'u32' },
  source: () => `
    @compute @workgroup_size(1)
    fn main() {
      var digit = ${DIGITS - 1}u;
      var wanted = state[2];
      while (digit > 0u && histogram[digit] < wanted) {
        wanted -= histogram[digit];
        digit--;
      }
      state[0] |= digit << uniforms.shift;
      state[1] |= ${DIGITS - 1}u << uniforms.shift;
      state[2] = wanted;
      for (var i = 0u; i < ${DIGITS}u; i++) { histogram[i] = 0u; }
    }`,
};

const countTiesKernel: Kernel = {
  key: 'radix-select:count-ties',
  inputs: { scores: 'u32', state: 'u32' },
  outputs: { ties: 'u32' },
  uniforms: { count: 'u32', runs: 'u32' },
  source: () => `
    ${keyOf}
    ${threadPerItem(
      'uniforms.runs',
      `var equal = 0u;
      for (var at = i * ${RUN}u; at < min((i + 1u) * ${RUN}u, uniforms.count); at++) {
        equal += select(0u, 1u, key_of(scores[at]) == state[0]);
      }
      ties[i] = equal;`,
    )}`,
};

/** Prefix sum: from the number of ties in each run of scores to the number of ties before it. */
const numberTiesKernel: Kernel = {
  key: 'radix-select:number-ties',
  inputs: {},
  outputs: { ties: 'u32' },
  uniforms: { runs: 'u32' },
  source: () => `
    @compute @workgroup_size(1)
    fn main() {
      var before = 0u;
      for (var i = 0u; i < uniforms.runs; i++) {
        let own = ties[i];
        ties[i] = before;
        before += own;
      }
    }`,
};

const maskKernel: Kernel = {
  key: 'radix-select:mask',
  inputs: { scores: 'u32', state: 'u32', ties: 'u32' },
  outputs: { bits: 'u32' },
  uniforms: { count: 'u32', runs: 'u32' },
  source: () => `
    ${keyOf}
    ${threadPerItem(
      'uniforms.runs',
      `var tie = ties[i];
      let end = min((i + 1u) * ${RUN}u, uniforms.count);
      for (var word = i * ${RUN}u; word < end; word += 32u) {
        var selected = 0u;
        for (var at = word; at < min(word + 32u, end); at++) {
          let key = key_of(scores[at]);
          if (key > state[0] || (key == state[0] && tie < state[2])) { selected |= 1u << (at - word); }
          if (key == state[0]) { tie++; }
        }
        bits[word / 32u] = selected;
      }`,
    )}`,
};

/**
 * Selects the `wanted` largest of a list without sorting it: a radix search for the threshold, then a mask in which equal
 * scores count by index. Atomics only add integers, so the result does not depend on their order.
 * @param scores float32 `[n]`, finite; -0 equals 0.
 * @param wanted 1 to n.
 * @returns one bit per score, 32 a word from the lowest bit on: int32 `[ceil(n / 32)]`.
 */
export function selectLargest(scores: tf.Tensor1D, wanted: number): tf.Tensor1D {
  return tf.tidy(() => {
    const count = scores.size;
    const state = tf.tensor1d([0, 0, wanted], 'int32');
    const histogram = tf.zeros([DIGITS], 'int32');
    for (const shift of SHIFTS) {
      runKernel(histogramKernel, {
        inputs: [scores, state],
        outputs: [histogram],
        uniforms: { count, shift },
        groups: Math.ceil(count / HISTOGRAM_SCORES),
      });
      runKernel(digitKernel, { inputs: [], outputs: [state, histogram], uniforms: { shift }, groups: 1 });
    }
    const runs = Math.ceil(count / RUN);
    const [ties] = runKernel(countTiesKernel, {
      inputs: [scores, state],
      outputs: [{ shape: [runs], dtype: 'int32' }],
      uniforms: { count, runs },
      groups: groupsFor(runs),
    });
    runKernel(numberTiesKernel, { inputs: [], outputs: [ties!], uniforms: { runs }, groups: 1 });
    const [bits] = runKernel(maskKernel, {
      inputs: [scores, state, ties!],
      outputs: [{ shape: [Math.ceil(count / 32)], dtype: 'int32' }],
      uniforms: { count, runs },
      groups: groupsFor(runs),
    });
    return bits as tf.Tensor1D;
  });
}

/** Whether the device can hold so many scores in one buffer. */
export function canSelectAmong(count: number): boolean {
  const { maxBufferSize, maxStorageBufferBindingSize } = internalsOf(tf.backend()).device.limits;
  return 4 * count <= Math.min(maxBufferSize, maxStorageBufferBindingSize);
}
