import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { randomStream } from '../../src/lab/rng';
import { sizeOf } from '../../src/lab/tensors';

/** Standard normal values that depend on `name` alone. */
export function normals(name: string, shape: number[]): Float32Array {
  const stream = randomStream(1, name);
  return Float32Array.from({ length: sizeOf(shape) }, () => stream.normal());
}

/** Expects every value within `tolerance` of the expected one, relative to the largest expected value. */
export function expectClose(
  what: string,
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance = 1e-5,
) {
  expect(actual.length, what).toBe(expected.length);
  let largest = 0;
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    largest = Math.max(largest, Math.abs(expected[i]!));
    const difference = Math.abs(actual[i]! - expected[i]!);
    worst = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(worst, difference);
  }
  expect(worst / (largest || 1), `${what}: largest difference over largest value`).toBeLessThanOrEqual(
    tolerance,
  );
}

export interface Case {
  name: string;
  /** Shapes of the differentiable inputs; values are standard normal unless given. */
  shapes: number[][];
  values?: (Float32Array | undefined)[];
  /** The operation on the device. */
  op: (...inputs: tf.Tensor[]) => tf.Tensor;
  /** The same on the host in float64. */
  reference: (...inputs: Float64Array[]) => ArrayLike<number>;
}

/**
 * Checks value and all gradients of an operation against its float64 reference (gradients by central differences of the
 * reference), that a second run gives the same bits, and that nothing leaks.
 */
export async function checkOperation({ name, shapes, values, op, reference }: Case): Promise<void> {
  const host = shapes.map((shape, i) => values?.[i] ?? normals(`${name}/${i}`, shape));
  const inputs = host.map((data, i) => tf.tensor(data, shapes[i]!));
  const expected = Float64Array.from(reference(...host.map((data) => Float64Array.from(data))));
  const weights = normals(`${name}/dy`, [expected.length]);

  const readings: Float32Array[][] = [];
  const before = tf.memory();
  for (let repeat = 0; repeat < 2; repeat++) {
    const value = op(...inputs);
    const dy = tf.tensor(weights, value.shape);
    const gradients = tf.grads(op)(inputs, dy);
    readings.push(
      (await Promise.all([value, ...gradients].map((tensor) => tensor.data()))) as Float32Array[],
    );
    tf.dispose([value, dy, gradients]);
    expect(tf.memory().numTensors, `${name}: tensors after a step`).toBe(before.numTensors);
    expect(tf.memory().numDataBuffers, `${name}: buffers after a step`).toBe(before.numDataBuffers);
  }
  const [first, second] = readings;
  expect(second, `${name}: the same bits again`).toEqual(first);

  expectClose(`${name}: value`, first![0]!, expected);
  host.forEach((_, which) => {
    const gradient = numericGradient(reference, host, which, weights);
    expectClose(`${name}: gradient ${which}`, first![1 + which]!, gradient);
  });
  tf.dispose(inputs);
}

/** Central differences, in float64, of the sum of `weights * f(inputs)`. */
function numericGradient(
  f: (...inputs: Float64Array[]) => ArrayLike<number>,
  host: Float32Array[],
  which: number,
  weights: Float32Array,
): Float64Array {
  const point = host.map((data) => Float64Array.from(data));
  const sum = () => {
    const value = f(...point);
    let total = 0;
    for (let i = 0; i < weights.length; i++) total += weights[i]! * value[i]!;
    return total;
  };
  const step = 1e-5;
  return point[which]!.map((center, i, values) => {
    values[i] = center + step;
    const above = sum();
    values[i] = center - step;
    const below = sum();
    values[i] = center;
    return (above - below) / (2 * step);
  });
}
