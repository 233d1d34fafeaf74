import * as tf from '@tensorflow/tfjs-core';
import { LetheError } from '../settings';
import type { Augmentation, AugmentStream, Normalisation } from './augment';
import { openView, type Segment } from './image-view';
import { writeBytes, writeTensor } from './write';

/** A batch in the host's memory: the numbers of its images and, of a streamed set, the images. */
export interface HostBatch {
  indices: Int32Array;
  /** uint8 NHWC, in the order of `indices`. */
  pixels?: Uint8Array;
}

/** A batch on the device. Its buffers are reused: the next batch of the same length overwrites the values and keeps the buffers. */
export interface DeviceBatch {
  /** int32 `[n]`, each below the set's `count`. */
  readonly indices: tf.Tensor1D;
  /** Only for a streamed set: the batch's images, and their positions 0 to n - 1 in that buffer. */
  readonly staged?: { pixels: GPUBuffer; rows: tf.Tensor1D };
}

/** uint8 images and their labels, for batches on the device. */
export interface DeviceImages {
  readonly count: number;
  /** height, width, channels of a batch's images. */
  readonly shape: readonly [number, number, number];
  readonly labels: tf.Tensor1D;
  /** True when training may use random crops. */
  readonly augments: boolean;
  /** Reads the batch's images on the host if the device does not hold them (a streamed set); otherwise reads nothing. */
  fetch(indices: Int32Array): Promise<HostBatch>;
  /**
   * Copies a batch to the device. Commands recorded earlier still read the earlier values.
   * @param into an earlier batch of the same length to overwrite; if absent, new buffers are made, to be freed with `releaseBatch`.
   */
  put(batch: HostBatch, into?: DeviceBatch): DeviceBatch;
  /**
   * Turns a batch into what a network sees.
   * @param options.labels replaces the images' labels: int32 `[count]` (random labels).
   * @param options.augment draws random crops and flips, where the set has an augmentation; without it images are seen as in
   * evaluation.
   * @returns float32 `[n, height, width, channels]`, `u8 / 255` and normalised if asked for, and int32 labels `[n]`.
   */
  gather(
    batch: DeviceBatch,
    options?: { labels?: tf.Tensor1D; augment?: AugmentStream },
  ): { images: tf.Tensor4D; labels: tf.Tensor1D };
  dispose(): void;
}

/** Frees a batch's buffers. */
export function releaseBatch({ indices, staged }: DeviceBatch): void {
  indices.dispose();
  staged?.rows.dispose();
  staged?.pixels.destroy();
}

export interface DeviceImagesOptions {
  normalise?: Normalisation;
  /** If absent, images are used whole. */
  augment?: Augmentation;
  /** Bytes of images per buffer at most; default is the device's largest storage binding. */
  segmentBytes?: number;
}

/**
 * Uploads a data set once, in as many buffers as the device's largest binding asks for; the bytes on the host may be dropped
 * afterwards.
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
  const values = shape[0] * shape[1] * shape[2];
  if (images.length !== values * labels.length)
    throw new LetheError(
      `${labels.length} images of ${shape.join('×')} need ${values * labels.length} bytes, not ${images.length}.`,
    );
  const segmentBytes = options.segmentBytes ?? gpu.limits.maxStorageBufferBindingSize;
  // Whole images only; the last word of a buffer may be partly empty.
  const perSegment = Math.floor((segmentBytes - 4) / values);
  if (perSegment < 1) throw new LetheError(`One image of ${shape.join('×')} is too large for this device.`);

  const view = openView(shape, options);
  const segments: Segment[] = [];
  for (let first = 0; first < labels.length; first += perSegment) {
    const count = Math.min(perSegment, labels.length - first);
    const bytes = images.subarray(first * values, (first + count) * values);
    segments.push({ buffer: upload(gpu, bytes), first, count });
  }
  const ownLabels = tf.keep(tf.tensor1d(labels, 'int32'));
  return {
    count: labels.length,
    shape: view.shape,
    labels: ownLabels,
    augments: options.augment !== undefined,
    fetch: async (indices) => ({ indices }),
    put: ({ indices }, into) => ({ indices: putIndices(indices, into?.indices) }),
    gather: ({ indices }, { labels: replaced = ownLabels, augment } = {}) =>
      view.take(segments, indices, { images: indices, labels: replaced, augment }),
    dispose() {
      for (const { buffer } of segments) buffer.destroy();
      ownLabels.dispose();
      view.dispose();
    },
  };
}

/**
 * A data set that stays on the host: every batch uploads its images into its own buffer. Results have the same bits as with
 * `uploadImages`, since crops and labels depend on an image's number in the set and not on where it lies.
 * @param read the images with these numbers, uint8 NHWC.
 */
export function streamImages(
  gpu: GPUDevice,
  read: (indices: Int32Array) => Promise<Uint8Array>,
  labels: Int32Array,
  shape: readonly [number, number, number],
  options: Omit<DeviceImagesOptions, 'segmentBytes'> = {},
): DeviceImages {
  const values = shape[0] * shape[1] * shape[2];
  const view = openView(shape, options);
  const ownLabels = tf.keep(tf.tensor1d(labels, 'int32'));
  return {
    count: labels.length,
    shape: view.shape,
    labels: ownLabels,
    augments: options.augment !== undefined,
    fetch: async (indices) => ({ indices, pixels: await read(indices) }),
    put({ indices, pixels }, into) {
      if (pixels?.length !== indices.length * values)
        throw new Error('A batch of a streamed set comes with its images.');
      const staged = into?.staged ?? stage(gpu, indices.length, values);
      const placed = { indices: putIndices(indices, into?.indices), staged };
      writeBytes(staged.pixels, pixels);
      return placed;
    },
    gather({ indices, staged }, { labels: replaced = ownLabels, augment } = {}) {
      if (!staged) throw new Error('A batch of a streamed set has to be put on the device first.');
      const count = indices.shape[0];
      const own = tf.gather(replaced, indices);
      const pixels = [{ buffer: staged.pixels, first: 0, count }];
      const batch = view.take(pixels, staged.rows, { images: indices, labels: own, augment });
      own.dispose();
      return batch;
    },
    dispose() {
      ownLabels.dispose();
      view.dispose();
    },
  };
}

function stage(gpu: GPUDevice, count: number, values: number) {
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST;
  return {
    pixels: gpu.createBuffer({ size: Math.ceil((count * values) / 4) * 4, usage }),
    rows: tf.keep(tf.range(0, count, 1, 'int32')),
  };
}

function putIndices(values: Int32Array, into?: tf.Tensor1D): tf.Tensor1D {
  const tensor = into ?? tf.keep(tf.tensor1d(values, 'int32'));
  // TF.js computes on the host with a tensor that is not on the device yet, and a captured step would keep that result as a
  // constant. So a new tensor is uploaded at once, too.
  writeTensor(tensor, values);
  return tensor;
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
