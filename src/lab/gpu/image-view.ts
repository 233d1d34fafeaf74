import * as tf from '@tensorflow/tfjs-core';
import { LetheError } from '../settings';
import {
  type Augmentation,
  type AugmentStream,
  centreBox,
  cropKernel,
  drawBoxes,
  type Normalisation,
} from './augment';
import type { Kernel } from './kernel';
import { groupsFor, runKernel, threadPerItem } from './run';

/**
 * One thread turns four neighbouring values of an image into floats. They come from a table made on the host, because WGSL
 * allows a division to be off by 2.5 ulp: a table gives the bits of float32 division on every adapter, and normalises for free.
 */
const gatherKernel: Kernel = {
  key: 'dataset:gather',
  inputs: { pixels: 'u32', table: 'f32', indices: 'i32', all_labels: 'i32' },
  outputs: { images: 'f32', labels: 'i32' },
  uniforms: { batch: 'u32', values: 'u32', channels: 'u32', first: 'u32', count: 'u32' },
  source: () =>
    threadPerItem(
      'uniforms.batch * ((uniforms.values + 3u) / 4u)',
      `let quads = (uniforms.values + 3u) / 4u;
      let row = i / quads;
      let image = u32(indices[row]) - uniforms.first;
      if (image >= uniforms.count) { return; }
      let begin = (i % quads) * 4u;
      if (begin == 0u) { labels[row] = all_labels[image + uniforms.first]; }
      for (var value = begin; value < min(begin + 4u, uniforms.values); value++) {
        let at = image * uniforms.values + value;
        let pixel = (pixels[at / 4u] >> (8u * (at % 4u))) & 255u;
        images[row * uniforms.values + value] = table[(value % uniforms.channels) * 256u + pixel];
      }`,
    ),
};

/** Images that lie in one buffer: those from number `first` on. */
export interface Segment {
  buffer: GPUBuffer;
  first: number;
  count: number;
}

/** Turns stored bytes into what a network sees. */
export interface View {
  /** height, width, channels of a batch's images. */
  shape: [number, number, number];
  /**
   * @param rows numbers of the batch's images in `segments`, and of their labels in `batch.labels`: int32 `[n]`.
   * @param batch.images their numbers in the set, by which crops are drawn.
   */
  take(
    segments: Segment[],
    rows: tf.Tensor1D,
    batch: { images: tf.Tensor1D; labels: tf.Tensor1D; augment?: AugmentStream },
  ): { images: tf.Tensor4D; labels: tf.Tensor1D };
  dispose(): void;
}

/** @throws LetheError when the images are smaller than their crops. */
export function openView(
  [height, width, channels]: readonly [number, number, number],
  { augment, normalise }: { augment?: Augmentation; normalise?: Normalisation },
): View {
  if (augment && augment.size > Math.min(height, width))
    throw new LetheError(
      `Images of ${height}×${width} are too small for crops of ${augment.size}×${augment.size}.`,
    );
  const values = height * width * channels;
  const table = tf.keep(tf.tensor1d(pixelTable(channels, normalise)));
  const seen: [number, number, number] = augment
    ? [augment.size, augment.size, channels]
    : [height, width, channels];
  const centre =
    augment && tf.keep(tf.tensor2d([...centreBox([height, width], augment.size)], [1, 5], 'int32'));
  return {
    shape: seen,
    take(segments, rows, { images, labels, augment: stream }) {
      const batch = rows.shape[0];
      let outputs: [tf.Tensor, tf.Tensor] | undefined;
      const fresh = [{ shape: [batch, ...seen] }, { shape: [batch], dtype: 'int32' as const }];
      const boxes = augment && (stream ? drawBoxes(images, [height, width], augment, stream) : centre!);
      for (const { buffer, first, count } of segments) {
        const inputs = [buffer, table, rows, labels];
        const common = { batch, channels, first, count };
        outputs = (
          boxes
            ? runKernel(cropKernel, {
                inputs: [...inputs, boxes],
                outputs: outputs ?? fresh,
                uniforms: { ...common, boxes: boxes.shape[0], size: seen[0], height, width },
                groups: groupsFor(batch * seen[0] * seen[1]),
              })
            : runKernel(gatherKernel, {
                inputs,
                outputs: outputs ?? fresh,
                uniforms: { ...common, values },
                groups: groupsFor(batch * Math.ceil(values / 4)),
              })
        ) as [tf.Tensor, tf.Tensor];
      }
      if (boxes !== centre) boxes?.dispose();
      if (!outputs) throw new LetheError('A batch cannot be taken from a data set without images.');
      return { images: outputs[0] as tf.Tensor4D, labels: outputs[1] as tf.Tensor1D };
    },
    dispose: () => tf.dispose(centre ? [table, centre] : table),
  };
}

/** The float32 value of every byte, channel by channel: `[channels * 256]`. */
function pixelTable(channels: number, normalise: Normalisation | undefined): Float32Array {
  return Float32Array.from({ length: channels * 256 }, (_, i) => {
    const scaled = Math.fround((i % 256) / 255);
    if (!normalise) return scaled;
    const channel = Math.floor(i / 256);
    const mean = Math.fround(normalise.mean[channel]!);
    const std = Math.fround(normalise.std[channel]!);
    return Math.fround(scaled - mean) / std;
  });
}
