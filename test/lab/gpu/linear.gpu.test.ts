import type * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { test } from 'vitest';
import { linear } from '../../../src/lab/gpu/linear';
import { deviceForTests } from '../../support/device';
import { checkOperation } from '../../support/reference';

deviceForTests();

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

test('linear: any shape, without bias, with it, and with a residual', async () => {
  const length = fc.integer({ min: 1, max: 13 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 2 }),
      length,
      length,
      fc.constantFrom(0, 1, 2),
      (lead, inputs, outputs, more) =>
        checkOperation({
          name: `linear/${lead}/${inputs}/${outputs}`,
          shapes: [[...lead, inputs], [outputs, inputs], ...[[outputs], [...lead, outputs]].slice(0, more)],
          op: (x, weight, bias, residual) =>
            linear(x!, weight as tf.Tensor2D, bias as tf.Tensor1D | undefined, residual),
          reference: (x, weight, bias, residual) => {
            const y = product(x!, weight!, bias, inputs);
            return residual ? y.map((value, i) => value + residual[i]!) : y;
          },
        }),
    ),
    // Lengths that are multiples of 4 go through the variant that reads vectors; many rows through several chunks.
    {
      numRuns: 25,
      examples: [
        [[2, 4], 4, 12, 2],
        [[150], 8, 4, 2],
        [[150], 3, 5, 1],
      ],
    },
  );
});
