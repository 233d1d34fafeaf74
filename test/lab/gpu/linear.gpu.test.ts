import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LabDevice, openDevice } from '../../../src/lab/gpu/device';
import { linear } from '../../../src/lab/gpu/linear';
import { checkOperation, expectClose, normals } from '../../support/reference';

let device: LabDevice;
beforeAll(async () => {
  device = await openDevice();
});
afterAll(() => {
  device.check();
  device.dispose();
});

function product(
  x: ArrayLike<number>,
  weight: ArrayLike<number>,
  bias: ArrayLike<number> | undefined,
  inputs: number,
) {
  const outputs = weight.length / inputs;
  return Float64Array.from({ length: (x.length / inputs) * outputs }, (_, i) => {
    const row = Math.floor(i / outputs);
    const column = i % outputs;
    let sum = bias?.[column] ?? 0;
    for (let k = 0; k < inputs; k++) sum += x[row * inputs + k]! * weight[column * inputs + k]!;
    return sum;
  });
}

test.each([
  { lead: [1], inputs: 1, outputs: 1 },
  { lead: [5], inputs: 7, outputs: 3 },
  { lead: [2, 3], inputs: 6, outputs: 9 },
  { lead: [4], inputs: 8, outputs: 4 },
  { lead: [2, 4], inputs: 4, outputs: 12 },
  { lead: [4], inputs: 3, outputs: 10 },
])('linear %j, with and without bias', async ({ lead, inputs, outputs }) => {
  for (const bias of [true, false])
    await checkOperation({
      name: `linear/${lead}/${inputs}/${outputs}`,
      shapes: [[...lead, inputs], [outputs, inputs], ...(bias ? [[outputs]] : [])],
      op: (x, weight, shift) => linear(x!, weight as tf.Tensor2D, shift as tf.Tensor1D | undefined),
      reference: (x, weight, shift) => product(x!, weight!, shift, inputs),
    });
});

test.each([
  [200, 130, 65],
  [128, 64, 256],
])('a larger product, %i×%i into %i', async (rows, inputs, outputs) => {
  const x = normals('large/x', [rows, inputs]);
  const weight = normals('large/w', [outputs, inputs]);
  const y = linear(tf.tensor2d(x, [rows, inputs]), tf.tensor2d(weight, [outputs, inputs]));
  expect(y.shape).toEqual([rows, outputs]);
  expectClose('product', await y.data(), product(x, weight, undefined, inputs));
});
