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

test('linear: any shape, with and without bias', async () => {
  const length = fc.integer({ min: 1, max: 13 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 2 }),
      length,
      length,
      fc.boolean(),
      (lead, inputs, outputs, bias) =>
        checkOperation({
          name: `linear/${lead}/${inputs}/${outputs}`,
          shapes: [[...lead, inputs], [outputs, inputs], ...(bias ? [[outputs]] : [])],
          op: (x, weight, shift) => linear(x!, weight as tf.Tensor2D, shift as tf.Tensor1D | undefined),
          reference: (x, weight, shift) => product(x!, weight!, shift, inputs),
        }),
    ),
    // Lengths that are multiples of 4 go through the variant that reads vectors.
    { numRuns: 25, examples: [[[2, 4], 4, 12, true]] },
  );
});
