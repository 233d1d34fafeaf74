import * as tf from '@tensorflow/tfjs-core';
import type { Kernel } from './kernel';
import { readTensor } from './read';
import { run } from './run';

/** Slot 0 counts what was pushed; the rest are the values' bits. */
const pushKernel: Kernel = {
  key: 'scalar-ring:push',
  inputs: { value: 'f32' },
  outputs: { ring: 'i32' },
  uniforms: { capacity: 'i32' },
  source: () => `
    @compute @workgroup_size(1)
    fn main() {
      ring[1 + ring[0] % uniforms.capacity] = bitcast<i32>(value[0]);
      ring[0]++;
    }`,
};

/** The last scalars of a computation, kept on the device: one dispatch a step, and one read for many steps. */
export interface ScalarRing {
  /** May be part of a captured step. */
  push(value: tf.Tensor): void;
  /**
   * What was pushed since the last read, oldest first.
   * @throws Error when that is more than the ring holds. One read at a time.
   */
  read(): Promise<Float32Array>;
  dispose(): void;
}

export function createScalarRing(capacity: number): ScalarRing {
  const zeros = tf.zeros([capacity + 1], 'int32');
  const ring = tf.variable(zeros, false);
  zeros.dispose();
  let seen = 0;
  return {
    push(value) {
      run(pushKernel, { inputs: [value], outputs: [ring], uniforms: { capacity }, groups: 1 });
    },
    async read() {
      const bits = (await readTensor(ring)) as Int32Array;
      const count = bits[0]!;
      if (count - seen > capacity)
        throw new Error(`${count - seen} values were pushed into a ring of ${capacity}.`);
      const values = new Float32Array(bits.buffer);
      const fresh = Float32Array.from(
        { length: count - seen },
        (_, i) => values[1 + ((seen + i) % capacity)]!,
      );
      seen = count;
      return fresh;
    },
    dispose: () => ring.dispose(),
  };
}
