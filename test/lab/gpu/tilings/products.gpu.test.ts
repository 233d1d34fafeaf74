import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { convShape, filterShape, inputShape, outputShape } from '../../../../src/lab/gpu/conv/shape';
import { tiledKernels } from '../../../../src/lab/gpu/conv/tiled';
import {
  defaultTiling,
  fitsDevice,
  fitsShape,
  TILINGS,
  type Tiling,
} from '../../../../src/lab/gpu/conv/tilings';
import { readTensor } from '../../../../src/lab/gpu/read';
import { deviceForTests } from '../../../support/device';
import { expectClose, normals } from '../../../support/reference';
import { referenceConv } from '../conv-reference';

/** [batch, height, width, channels, out, kernel, stride, pad]: tiles that end inside, strides whose classes differ, deep and flat ones. */
const shapes = [
  [1, 1, 1, 1, 1, 1, 1, 0],
  [3, 9, 11, 3, 20, 3, 2, 1],
  [2, 7, 5, 10, 33, 2, 3, 1],
  [5, 13, 9, 36, 68, 3, 1, 1],
  [3, 8, 8, 20, 132, 3, 2, 1],
  [200, 1, 1, 84, 140, 1, 1, 0],
].map(([batch, height, width, channels, out, kernel, stride, pad]) =>
  convShape([batch!, height!, width!, channels!], [kernel!, kernel!, channels!, out!], stride!, pad!),
);

const problems = shapes.map((shape) => {
  const given = {
    x: normals('x', inputShape(shape)),
    filter: normals('filter', filterShape(shape)),
    dy: normals('dy', outputShape(shape)),
    bias: normals('bias', [shape.outChannels]),
    back: normals('back', [shape.channels]),
  };
  const { y, dx, dFilter } = referenceConv(given.x, given.filter, given.dy, shape);
  const plus = (sums: Float64Array, bias: Float32Array) => sums.map((sum, i) => sum + bias[i % bias.length]!);
  return { shape, given, wanted: { y: plus(y, given.bias), dx: plus(dx, given.back), dFilter } };
});

async function compute({ shape, given }: (typeof problems)[number], tiling: Tiling) {
  const backend = tf.backend();
  const { gather, filterGradient } = tiledKernels(tiling);
  const tensors = {
    x: tf.tensor(given.x, inputShape(shape)),
    filter: tf.tensor(given.filter, filterShape(shape)),
    dy: tf.tensor(given.dy, outputShape(shape)),
    bias: tf.tensor1d(given.bias),
    back: tf.tensor1d(given.back),
  };
  const { x, filter, dy, bias, back } = tensors;
  const results = {
    y: gather(backend, 'forward', x, filter, shape, { bias }),
    dx: gather(backend, 'input-gradient', dy, filter, shape, { bias: back }),
    dFilter: filterGradient(backend, x, dy, shape),
  };
  const read: Record<string, Float32Array> = {};
  for (const [name, info] of Object.entries(results)) {
    const tensor = tf.engine().makeTensorFromTensorInfo(info);
    read[name] = (await readTensor(tensor)) as Float32Array;
    tensor.dispose();
  }
  tf.dispose(Object.values(tensors));
  return read;
}

/** Subgroups of a size that the adapter does not have leave out the tilings that are made for them. */
const { limits, info, features } = (await navigator.gpu.requestAdapter())!;
const fixed = features.has('subgroups') && info.subgroupMinSize === info.subgroupMaxSize;
const lanes = fixed ? info.subgroupMinSize : 0;
const fitting = TILINGS.filter((tiling) => fitsDevice(tiling, { limits, lanes }));

describe('tilings', () => {
  deviceForTests({ products: 'tiled' });

  it.each(fitting.map((tiling) => [tiling.id, tiling] as const))(
    '%s agrees with float64, and with the default bit for bit',
    async (_, tiling) => {
      for (const problem of problems.filter(({ shape }) => fitsShape(tiling, shape))) {
        const got = await compute(problem, tiling);
        const usual = await compute(problem, defaultTiling(problem.shape.outChannels));
        for (const name of ['y', 'dx', 'dFilter'] as const) {
          expectClose(name, got[name]!, problem.wanted[name]);
          expect(got[name], name).toEqual(usual[name]);
        }
      }
    },
  );
});
