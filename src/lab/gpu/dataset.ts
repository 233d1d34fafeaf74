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
import { groupsFor, run, THREADS } from './run';

/** uint8 images and their labels on the device, in as many buffers as the device's largest binding asks for. */
export interface DeviceImages {
  readonly count: number;
  /** height, width, channels of a batch's images. */
  readonly shape: readonly [number, number, number];
  readonly labels: tf.Tensor1D;
  /** Training may see random crops. */
  readonly augments: boolean;
  /**
   * Copies images and labels by number into a batch.
   * @param indices int32 `[n]`, each below `count`.
   * @param options.labels replaces the images' labels: int32 `[count]` (random labels).
   * @param options.augment draws random crops and flips, where the set has an augmentation; without it images are seen as in
   * evaluation.
   * @returns float32 `[n, height, width, channels]`, `u8 / 255` and normalised if asked for, and int32 labels `[n]`.
   */
  gather(
    indices: tf.Tensor1D,
    options?: { labels?: tf.Tensor1D; augment?: AugmentStream },
  ): { images: tf.Tensor4D; labels: tf.Tensor1D };
  dispose(): void;
}

export interface DeviceImagesOptions {
  normalise?: Normalisation;
  /** Absent: images are seen whole. */
  augment?: Augmentation;
  /** Bytes of images per buffer at most; default is the device's largest storage binding. */
  segmentBytes?: number;
}

/**
 * One thread turns four neighbouring values of an image into floats. They come from a table made on the host, because WGSL
 * allows a division to be off by 2.5 ulp: a table gives the bits of float32 division on every adapter, and normalises for free.
 */
const gatherKernel: Kernel = {
  key: 'dataset:gather',
  inputs: { pixels: 'u32', table: 'f32', indices: 'i32', all_labels: 'i32' },
  outputs: { images: 'f32', labels: 'i32' },
  uniforms: { batch: 'u32', values: 'u32', channels: 'u32', first: 'u32', count: 'u32' },
  source: () => `
    @compute @workgroup_size(${THREADS})
    fn main(
      @builtin(workgroup_id) group: vec3u,
      @builtin(num_workgroups) groups: vec3u,
      @builtin(local_invocation_index) lane: u32,
    ) {
      let quads = (uniforms.values + 3u) / 4u;
      let i = flat_group(group, groups) * ${THREADS}u + lane;
      let row = i / quads;
      if (row >= uniforms.batch) { return; }
      let image = u32(indices[row]) - uniforms.first;
      if (image >= uniforms.count) { return; }
      let begin = (i % quads) * 4u;
      if (begin == 0u) { labels[row] = all_labels[image + uniforms.first]; }
      for (var value = begin; value < min(begin + 4u, uniforms.values); value++) {
        let at = image * uniforms.values + value;
        let pixel = (pixels[at / 4u] >> (8u * (at % 4u))) & 255u;
        images[row * uniforms.values + value] = table[(value % uniforms.channels) * 256u + pixel];
      }
    }`,
};

/**
 * Uploads a data set once; the bytes on the host may be dropped afterwards.
 * @param images uint8, `labels.length` images in NHWC order.
 * @throws LetheError when sizes do not fit together.
 */
export function uploadImages(
  gpu: GPUDevice,
  images: Uint8Array,
  labels: Int32Array,
  shape: readonly [number, number, number],
  options: DeviceImagesOptions = {},
): DeviceImages {
  const [height, width, channels] = shape;
  const values = height * width * channels;
  if (images.length !== values * labels.length)
    throw new LetheError(
      `${labels.length} images of ${shape.join('×')} need ${values * labels.length} bytes, not ${images.length}.`,
    );
  const { augment, normalise } = options;
  if (augment && augment.size > Math.min(height, width))
    throw new LetheError(
      `Images of ${height}×${width} are too small for crops of ${augment.size}×${augment.size}.`,
    );
  const segmentBytes = options.segmentBytes ?? gpu.limits.maxStorageBufferBindingSize;
  // Whole images only; the last word of a buffer may be partly empty.
  const perSegment = Math.floor((segmentBytes - 4) / values);
  if (perSegment < 1) throw new LetheError(`One image of ${shape.join('×')} is too large for this device.`);

  const segments: { buffer: GPUBuffer; first: number; count: number }[] = [];
  for (let first = 0; first < labels.length; first += perSegment) {
    const count = Math.min(perSegment, labels.length - first);
    const bytes = images.subarray(first * values, (first + count) * values);
    segments.push({ buffer: upload(gpu, bytes), first, count });
  }
  const table = tf.keep(tf.tensor1d(pixelTable(channels, normalise)));
  const ownLabels = tf.keep(tf.tensor1d(labels, 'int32'));

  const seen: [number, number, number] = augment ? [augment.size, augment.size, channels] : [...shape];
  const centre =
    augment && tf.keep(tf.tensor2d([...centreBox([height, width], augment.size)], [1, 5], 'int32'));

  return {
    count: labels.length,
    shape: seen,
    labels: ownLabels,
    augments: augment !== undefined,
    gather(indices, { labels: replaced = ownLabels, augment: stream } = {}) {
      const batch = indices.shape[0];
      let outputs: [tf.Tensor, tf.Tensor] | undefined;
      const fresh = [{ shape: [batch, ...seen] }, { shape: [batch], dtype: 'int32' as const }];
      const boxes = augment && (stream ? drawBoxes(indices, [height, width], augment, stream) : centre!);
      for (const { buffer, first, count } of segments) {
        const inputs = [buffer, table, indices, replaced];
        const common = { batch, channels, first, count };
        outputs = (
          boxes
            ? run(cropKernel, {
                inputs: [...inputs, boxes],
                outputs: outputs ?? fresh,
                uniforms: { ...common, boxes: boxes.shape[0], size: seen[0], height, width },
                groups: groupsFor(batch * seen[0] * seen[1]),
              })
            : run(gatherKernel, {
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
    dispose() {
      for (const { buffer } of segments) buffer.destroy();
      tf.dispose([table, ownLabels]);
      centre?.dispose();
    },
  };
}

function upload(gpu: GPUDevice, bytes: Uint8Array): GPUBuffer {
  const buffer = gpu.createBuffer({
    size: Math.ceil(bytes.length / 4) * 4,
    usage: GPUBufferUsage.STORAGE,
    mappedAtCreation: true,
  });
  new Uint8Array(buffer.getMappedRange()).set(bytes);
  buffer.unmap();
  return buffer;
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
