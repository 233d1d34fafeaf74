import type * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, test } from 'vitest';
import { linear } from '../../../src/lab/gpu/linear';
import { deviceForTests, productVariants } from '../../support/device';
import { checkOperation } from '../../support/reference';

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

const checkLinear = (lead: number[], inputs: number, outputs: number, more: number) =>
  checkOperation({
    name: `linear/${lead}/${inputs}/${outputs}`,
    shapes: [[...lead, inputs], [outputs, inputs], ...[[outputs], [...lead, outputs]].slice(0, more)],
    op: (x, weight, bias, residual) =>
      linear(x!, weight as tf.Tensor2D, bias as tf.Tensor1D | undefined, residual),
    reference: (x, weight, bias, residual) => {
      const y = product(x!, weight!, bias, inputs);
      return residual ? y.map((value, i) => value + residual[i]!) : y;
    },
  });

describe('linear', () => {
  deviceForTests();

  test('any shape, without bias, with it, and with a residual', async () => {
    const length = fc.integer({ min: 1, max: 13 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 2 }),
        length,
        length,
        fc.constantFrom(0, 1, 2),
        checkLinear,
      ),
      // Lengths that are multiples of 4 go through the variant that reads vectors.
      { numRuns: 25, examples: [[[2, 4], 4, 12, 2]] },
    );
  });
});

describe.each(await productVariants())('linear, %s products', (products) => {
  deviceForTests({ products });

  test.each([
    [8, 12, 2],
    [5, 3, 1],
  ])('more rows than a chunk of the gradients: %i → %i', (inputs, outputs, more) =>
    checkLinear([150], inputs, outputs, more),
  );
});
