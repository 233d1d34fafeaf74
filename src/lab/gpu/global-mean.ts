import * as tf from '@tensorflow/tfjs-core';
import type { Kernel } from './kernel';
import { groupsFor, runKernel, threadPerItem } from './run';

const forward: Kernel = {
  key: 'global-mean:forward',
  inputs: { x: 'f32' },
  outputs: { y: 'f32' },
  uniforms: { images: 'u32', positions: 'u32', channels: 'u32' },
  source: () =>
    threadPerItem(
      'uniforms.images * uniforms.channels',
      `let begin = (i / uniforms.channels) * uniforms.positions * uniforms.channels + i % uniforms.channels;
      var sum = 0.0;
      for (var position = 0u; position < uniforms.positions; position++) {
        sum += x[begin + position * uniforms.channels];
      }
      y[i] = sum / f32(uniforms.positions);`,
    ),
};

const backward: Kernel = {
  key: 'global-mean:backward',
  inputs: { dy: 'f32' },
  outputs: { dx: 'f32' },
  uniforms: forward.uniforms!,
  source: () =>
    threadPerItem(
      'uniforms.images * uniforms.positions * uniforms.channels',
      `let image = i / (uniforms.positions * uniforms.channels);
      dx[i] = dy[image * uniforms.channels + i % uniforms.channels] / f32(uniforms.positions);`,
    ),
};

/** The mean over all positions: `[n, height, width, channels]` to `[n, channels]`. Differentiable. */
export function globalMean(x: tf.Tensor4D): tf.Tensor2D {
  const [images, height, width, channels] = x.shape;
  const uniforms = { images, positions: height * width, channels };
  const mean = tf.customGrad((input) => ({
    value: runKernel(forward, {
      inputs: [input as tf.Tensor],
      outputs: [{ shape: [images, channels] }],
      uniforms,
      groups: groupsFor(images * channels),
    })[0]!,
    gradFunc: (dy: tf.Tensor) =>
      runKernel(backward, {
        inputs: [dy],
        outputs: [{ shape: x.shape }],
        uniforms,
        groups: groupsFor(x.size),
      }),
  }));
  return mean(x) as tf.Tensor2D;
}
