import * as tf from '@tensorflow/tfjs-core';
import { LetheError } from '../settings';
import type { Kernel } from './kernel';
import { groupsFor, run, THREADS } from './run';

/** uint8 images and their labels on the device, in as many buffers as the device's largest binding asks for. */
export interface DeviceImages {
  readonly count: number;
  /** height, width, channels. */
  readonly shape: readonly [number, number, number];
  readonly labels: tf.Tensor1D;
  /**
   * Copies images and labels by number into a batch.
   * @param indices int32 `[n]`, each below `count`.
   * @param labels replaces the images' labels: int32 `[count]` (random labels).
   * @returns float32 `[n, height, width, channels]`, `u8 / 255` and normalised if asked for, and int32 labels `[n]`.
   */
  gather(indices: tf.Tensor1D, labels?: tf.Tensor1D): { images: tf.Tensor4D; labels: tf.Tensor1D };
  dispose(): void;
}

export interface DeviceImagesOptions {
  /** Per channel: `(u8 / 255 - mean) / std`. */
  normalize?: { mean: readonly number[]; std: readonly number[] };
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
  const table = tf.keep(tf.tensor1d(pixelTable(channels, options.normalize)));
  const ownLabels = tf.keep(tf.tensor1d(labels, 'int32'));

  return {
    count: labels.length,
    shape,
    labels: ownLabels,
    gather(indices, replaced = ownLabels) {
      const batch = indices.shape[0];
      let outputs: [tf.Tensor, tf.Tensor] | undefined;
      for (const { buffer, first, count } of segments)
        outputs = run(gatherKernel, {
          inputs: [buffer, table, indices, replaced],
          outputs: outputs ?? [
            { shape: [batch, height, width, channels] },
            { shape: [batch], dtype: 'int32' },
          ],
          uniforms: { batch, values, channels, first, count },
          groups: groupsFor(batch * Math.ceil(values / 4)),
        }) as [tf.Tensor, tf.Tensor];
      if (!outputs) throw new LetheError('A batch cannot be taken from a data set without images.');
      return { images: outputs[0] as tf.Tensor4D, labels: outputs[1] as tf.Tensor1D };
    },
    dispose() {
      for (const { buffer } of segments) buffer.destroy();
      tf.dispose([table, ownLabels]);
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
function pixelTable(channels: number, normalize: DeviceImagesOptions['normalize']): Float32Array {
  return Float32Array.from({ length: channels * 256 }, (_, i) => {
    const scaled = Math.fround((i % 256) / 255);
    if (!normalize) return scaled;
    const channel = Math.floor(i / 256);
    const mean = Math.fround(normalize.mean[channel]!);
    const std = Math.fround(normalize.std[channel]!);
    return Math.fround(scaled - mean) / std;
  });
}
