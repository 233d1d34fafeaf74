import * as tf from '@tensorflow/tfjs-core';
import { LetheError } from '../settings';
import type { Kernel } from './kernel';
import { groupsFor, runKernel, threadPerItem } from './run';

const UNIFORMS = {
  images: 'u32',
  height: 'i32',
  width: 'i32',
  channels: 'u32',
  out_height: 'i32',
  out_width: 'i32',
  size: 'i32',
  stride: 'i32',
  pad: 'i32',
} as const;

/** Equal values in a window: only the first gets the gradient, as in PyTorch. So the winner's position in its window is kept. */
const forward: Kernel = {
  key: 'max-pool:forward',
  inputs: { x: 'f32' },
  outputs: { y: 'f32', winner: 'i32' },
  uniforms: UNIFORMS,
  source: () =>
    threadPerItem(
      'uniforms.images * u32(uniforms.out_height * uniforms.out_width) * uniforms.channels',
      `let channel = i % uniforms.channels;
      let position = i32(i / uniforms.channels);
      let column = position % uniforms.out_width;
      let row = (position / uniforms.out_width) % uniforms.out_height;
      let image = position / (uniforms.out_width * uniforms.out_height);
      var best = 0.0;
      var at = -1;
      for (var tap = 0; tap < uniforms.size * uniforms.size; tap++) {
        let from_row = row * uniforms.stride - uniforms.pad + tap / uniforms.size;
        let from_column = column * uniforms.stride - uniforms.pad + tap % uniforms.size;
        if (from_row < 0 || from_row >= uniforms.height || from_column < 0 || from_column >= uniforms.width) { continue; }
        let source = (image * uniforms.height + from_row) * uniforms.width + from_column;
        let value = x[u32(source) * uniforms.channels + channel];
        if (at < 0 || value > best) {
          best = value;
          at = tap;
        }
      }
      y[i] = best;
      winner[i] = at;`,
    ),
};

/** One thread per input, which sums over the windows where it was the maximum: no two threads write to one place. */
const backward: Kernel = {
  key: 'max-pool:backward',
  inputs: { dy: 'f32', winner: 'i32' },
  outputs: { dx: 'f32' },
  uniforms: UNIFORMS,
  source: () =>
    threadPerItem(
      'uniforms.images * u32(uniforms.height * uniforms.width) * uniforms.channels',
      `let channel = i % uniforms.channels;
      let position = i32(i / uniforms.channels);
      let column = position % uniforms.width + uniforms.pad;
      let row = (position / uniforms.width) % uniforms.height + uniforms.pad;
      let image = position / (uniforms.width * uniforms.height);
      let first_row = max(0, (row - uniforms.size + uniforms.stride) / uniforms.stride);
      let first_column = max(0, (column - uniforms.size + uniforms.stride) / uniforms.stride);
      var sum = 0.0;
      for (var r = first_row; r < min(row / uniforms.stride + 1, uniforms.out_height); r++) {
        for (var c = first_column; c < min(column / uniforms.stride + 1, uniforms.out_width); c++) {
          let window = u32((image * uniforms.out_height + r) * uniforms.out_width + c) * uniforms.channels + channel;
          let tap = (row - r * uniforms.stride) * uniforms.size + column - c * uniforms.stride;
          if (winner[window] == tap) { sum += dy[window]; }
        }
      }
      dx[i] = sum;`,
    ),
};

/**
 * Maximum over `size`×`size` windows; padding never wins. Differentiable.
 * @param x `[n, height, width, channels]`.
 * @throws LetheError when a window could lie in the padding alone, or the image is smaller than a window.
 */
export function maxPool(x: tf.Tensor4D, size: number, stride: number, pad: number): tf.Tensor4D {
  const [images, height, width, channels] = x.shape;
  const outHeight = Math.floor((height + 2 * pad - size) / stride) + 1;
  const outWidth = Math.floor((width + 2 * pad - size) / stride) + 1;
  if (2 * pad > size || outHeight < 1 || outWidth < 1)
    throw new LetheError(`Images of ${height}×${width} cannot be pooled by ${size} with padding ${pad}.`);
  const uniforms = {
    images,
    height,
    width,
    channels,
    out_height: outHeight,
    out_width: outWidth,
    size,
    stride,
    pad,
  };
  const shape = [images, outHeight, outWidth, channels];
  const pool = tf.customGrad((input, save) => {
    const [value, winner] = runKernel(forward, {
      inputs: [input as tf.Tensor],
      outputs: [{ shape }, { shape, dtype: 'int32' }],
      uniforms,
      groups: groupsFor(images * outHeight * outWidth * channels),
    });
    (save as tf.GradSaveFunc)([winner!]);
    return {
      value: value!,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        runKernel(backward, {
          inputs: [dy, saved[0]!],
          outputs: [{ shape: x.shape }],
          uniforms,
          groups: groupsFor(x.size),
        }),
    };
  });
  return pool(x) as tf.Tensor4D;
}
