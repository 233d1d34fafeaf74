import * as tf from '@tensorflow/tfjs-core';
import { it } from 'vitest';
import '../src/lab/gpu/conv/conv2d';
import { convShape, filterShape, inputShape, outputShape } from '../src/lab/gpu/conv/shape';
import { openDevice } from '../src/lab/gpu/device';
import { onDevice, timeInTurns } from './measure';
import { writeReport } from './report';

/** [batch, side, channels, outChannels, kernel, stride]: every distinct convolution of resnet8, and some of ResNet-18. */
const cases: [number, number, number, number, number, number][] = [
  [64, 28, 1, 16, 3, 1],
  [64, 28, 16, 16, 3, 1],
  [64, 28, 16, 32, 3, 2],
  [64, 28, 16, 32, 1, 2],
  [64, 14, 32, 32, 3, 1],
  [64, 14, 32, 64, 3, 2],
  [64, 7, 64, 64, 3, 1],
  [8, 32, 64, 64, 3, 1],
  [8, 8, 256, 256, 3, 1],
];

const ROUNDS = 7;

it('convolutions against stock TF.js', async () => {
  const device = await openDevice();
  const results = [];
  for (const [batch, side, channels, out, kernel, stride] of cases) {
    const shape = convShape(
      [batch, side, side, channels],
      [kernel, kernel, channels, out],
      stride,
      kernel >> 1,
    );
    const x = tf.randomNormal<tf.Rank.R4>(inputShape(shape));
    const filter = tf.randomNormal<tf.Rank.R4>(filterShape(shape));
    const dy = tf.randomNormal(outputShape(shape));
    const runs = (kernel: string, inputs: tf.NamedTensorMap, attributes: object) =>
      onDevice(device, () =>
        tf.dispose(tf.engine().runKernel(kernel, inputs, attributes as tf.NamedAttrMap)),
      );
    const own = { x: inputShape(shape), filter: filterShape(shape), stride, pad: shape.pad };
    const pad = [
      [0, 0],
      [shape.pad, shape.pad],
      [shape.pad, shape.pad],
      [0, 0],
    ];
    const stock = { strides: stride, pad, dataFormat: 'NHWC', dilations: 1 };
    const times = await timeInTurns(
      {
        forward: runs('LetheConv2D', { x, filter }, own),
        stockForward: runs('Conv2D', { x, filter }, stock),
        inputGradient: runs('LetheConv2DInputGradient', { dy, filter }, own),
        stockInputGradient: runs('Conv2DBackpropInput', { dy, filter }, { ...stock, inputShape: own.x }),
        filterGradient: runs('LetheConv2DFilterGradient', { x, dy }, own),
        stockFilterGradient: runs('Conv2DBackpropFilter', { x, dy }, { ...stock, filterShape: own.filter }),
      },
      ROUNDS,
    );
    const gflop = (2 * batch * shape.outHeight * shape.outWidth * kernel ** 2 * channels * out) / 1e9;
    const convolution = `${batch}×${side}×${side}×${channels} → ${out}, ${kernel}×${kernel}, stride ${stride}`;
    results.push({ convolution, gflop, milliseconds: times });
    const columns = (['forward', 'inputGradient', 'filterGradient'] as const).map((name) => {
      const [mine, theirs] = [
        times[name].median,
        times[`stock${name[0]!.toUpperCase()}${name.slice(1)}` as 'stockForward'].median,
      ];
      return `${name} ${((1e3 * gflop) / mine).toFixed(1)} GFLOP/s, ${(theirs / mine).toFixed(1)}× stock`;
    });
    console.log(`${convolution.padEnd(40)} ${columns.join('; ')}`);
    tf.dispose([x, filter, dy]);
  }
  writeReport(device.description, { results }, 'conv');
  device.dispose();
});
