import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { type GramRows, writeGramBlock } from '../../../src/lab/gpu/gram';
import { deviceForTests } from '../../support/device';
import { expectClose, normals } from '../../support/reference';

deviceForTests();

/** Examples and values of each: sides inside and beyond a tile; rows read as single numbers and as vectors; one chunk and several. */
const shapes = [
  [1, 1],
  [4, 8],
  [7, 10],
  [9, 1500],
  [13, 4103],
] as const;

/** K from batches of `size` rows, the last of them filled up with rows that do not count. */
async function gramOnDevice(x: Float32Array, [n, width]: readonly [number, number], size: number) {
  const zeros = tf.zeros([n, n]);
  const gram = tf.variable(zeros);
  const rows: GramRows[] = [];
  for (let first = 0; first < n; first += size) {
    const padded = new Float32Array(size * width).fill(1e6);
    padded.set(x.subarray(first * width, (first + size) * width));
    rows.push({ values: tf.tensor(padded, [size, width]), first, count: Math.min(size, n - first) });
  }
  rows.forEach((own, at) => {
    for (const other of rows.slice(0, at + 1)) writeGramBlock(gram, other, own);
  });
  const values = (await gram.data()) as Float32Array;
  tf.dispose([gram, zeros, ...rows.map((own) => own.values)]);
  return values;
}

test.each(shapes)(
  'Gram matrix of %i rows of %i values: as in float64, symmetric, the same bits twice',
  async (n, width) => {
    // Activations behind a ReLU have means far from 0.
    const x = normals('x', [n, width]).map((value) => value + 3);
    const expected = Float64Array.from({ length: n * n }, (_, at) => {
      let sum = 0;
      for (let k = 0; k < width; k++) sum += x[Math.floor(at / n) * width + k]! * x[(at % n) * width + k]!;
      return sum;
    });
    const before = tf.memory().numTensors;
    const [whole, byFive] = [await gramOnDevice(x, [n, width], n), await gramOnDevice(x, [n, width], 5)];
    expect(tf.memory().numTensors).toBe(before);
    expectClose('K', whole, expected, 1e-6);
    // Which thread sums up a pair does not change its sum.
    expect(byFive).toEqual(whole);
    expect(whole).toEqual(whole.map((_, at) => whole[(at % n) * n + Math.floor(at / n)]!));
    expect(await gramOnDevice(x, [n, width], n)).toEqual(whole);
  },
);
