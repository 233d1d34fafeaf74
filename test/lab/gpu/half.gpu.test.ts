import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { gradientScale, type Operands } from '../../../src/lab/gpu/conv/operands';
import { convShape } from '../../../src/lab/gpu/conv/shape';
import { linear } from '../../../src/lab/gpu/linear';
import { type ProductVariant, productsOf, setProducts } from '../../../src/lab/gpu/products';
import { randomStream } from '../../../src/lab/rng';
import { deviceForTests, productVariants } from '../../support/device';
import { roundToHalf } from '../../support/round-to-half';
import { compute, drawn, named, problem, relativeError } from './conv-problems';
import { referenceConv } from './conv-reference';

const adapter = await navigator.gpu.requestAdapter();
const stored: [ProductVariant, Operands][] = adapter!.features.has('shader-f16') ? [['tiled', 'f16']] : [];
const combinations: [ProductVariant, Operands][] = [
  ...(await productVariants()).map((variant) => [variant, 'rounded'] as [ProductVariant, Operands]),
  ...stored,
];

const rounded = (values: Float32Array, scale = 1) =>
  values.map((value) => roundToHalf(Math.fround(value * scale)) / scale);

describe.each(combinations)('products of half-precision operands: %s, %s', (products, operands) => {
  const device = deviceForTests({ products });
  beforeAll(() => {
    const { backend } = device();
    setProducts(backend, { ...productsOf(backend), operands });
  });

  // Sums are float32, so what is computed is the product of the rounded operands to float32's error: 5e-4 less than half's own.
  it.each([...named, ...drawn])(
    'convolution %i × %i × %i × %i → %i, filter %j, stride %i, pad %i',
    async (...args) => {
      const given = problem(args);
      const { batch, outHeight, outWidth } = given.shape;
      const got = await compute(given);
      const wanted = referenceConv(
        rounded(given.x),
        rounded(given.filter),
        rounded(given.dy, gradientScale(batch * outHeight * outWidth)),
        given.shape,
      );
      expect(relativeError(got.y, wanted.y)).toBeLessThan(1e-5);
      expect(relativeError(got.dx, wanted.dx)).toBeLessThan(1e-5);
      expect(relativeError(got.dFilter, wanted.dFilter)).toBeLessThan(1e-5);
    },
  );

  it.each([
    [150, 8, 12],
    [7, 5, 3],
    [1, 13, 4],
  ])('linear layer, %i rows, %i → %i', async (rows, inputs, outputs) => {
    const normals = (name: string, length: number) => {
      const stream = randomStream(3, 'half', name);
      return Float32Array.from({ length }, () => stream.normal());
    };
    const x = normals('x', rows * inputs);
    const weight = normals('weight', outputs * inputs);
    // What a mean over the rows leaves of a small gradient: in half precision one digit or nothing, were it not scaled.
    const dy = normals('dy', rows * outputs).map((value) => (0.05 * value) / rows);
    const bias = normals('bias', outputs);
    const tensors = [
      tf.tensor2d(x, [rows, inputs]),
      tf.tensor2d(weight, [outputs, inputs]),
      tf.tensor1d(bias),
      tf.tensor2d(dy, [rows, outputs]),
    ] as const;
    const op = (...given: tf.Tensor[]) =>
      linear(given[0]! as tf.Tensor2D, given[1]! as tf.Tensor2D, given[2]! as tf.Tensor1D);
    const y = op(...tensors);
    const [dx, dWeight, dBias] = tf.grads(op)(tensors.slice(0, 3), tensors[3]);
    // A convolution of images of one pixel, whose filter is the weight transposed.
    const shape = convShape([rows, 1, 1, inputs], [1, 1, inputs, outputs], 1, 0);
    const transposed = <T extends Float32Array | Float64Array>(values: T, width: number): T =>
      values.map(
        (_, i) => values[(i % (values.length / width)) * width + Math.floor(i / (values.length / width))]!,
      ) as T;
    const wanted = referenceConv(
      rounded(x),
      transposed(rounded(weight), inputs),
      rounded(dy, gradientScale(rows)),
      shape,
    );
    const read = async (tensor: tf.Tensor) => (await tensor.data()) as Float32Array;
    expect(
      relativeError(
        await read(y),
        wanted.y.map((sum, i) => sum + bias[i % outputs]!),
      ),
    ).toBeLessThan(1e-5);
    expect(relativeError(await read(dx!), wanted.dx)).toBeLessThan(1e-5);
    expect(relativeError(await read(dWeight!), transposed(wanted.dFilter, outputs))).toBeLessThan(1e-5);
    // Sums of a gradient are no products: nothing is rounded.
    const columns = Float64Array.from({ length: outputs }, (_, column) =>
      dy.reduce((sum, value, i) => (i % outputs === column ? sum + value : sum), 0),
    );
    expect(relativeError(await read(dBias!), columns)).toBeLessThan(1e-5);
    tf.dispose([...tensors, y, dx!, dWeight!, dBias!]);
  });
});
