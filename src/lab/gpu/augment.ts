import type * as tf from '@tensorflow/tfjs-core';
import type { Kernel } from './kernel';
import { philoxSource } from './philox';
import { groupsFor, runKernel, threadPerItem } from './run';

/** Per channel, on values in [0, 1]: `(value - mean) / std`. */
export interface Normalisation {
  mean: readonly number[];
  std: readonly number[];
}

/**
 * Training sees random crops, resized bilinearly to a square (torchvision's `RandomResizedCrop` without antialiasing) and
 * flipped horizontally half of the time; everything else sees the square in the middle.
 */
export interface Augmentation {
  /** Side of the square that the network sees, in pixels; at most the stored images' height and width. */
  size: number;
  /** A crop's share of the image's area, and its width over its height: least and most. */
  crop: { scale: readonly [number, number]; ratio: readonly [number, number] };
  flip: boolean;
}

/** Where a batch's crops are drawn from: each depends on the key, the step, the stream and the image's number alone. */
export interface AugmentStream {
  /** Of a named random stream. */
  key: readonly [number, number];
  /** int32 `[1]`, overwritten before each step. */
  step: tf.Tensor;
  /** Tells the batches of one step apart. */
  stream: number;
}

/** A crop: top, left, height and width in pixels of the stored image, and 1 if it is flipped. */
export type Box = readonly [top: number, left: number, height: number, width: number, flipped: number];

/** torchvision's number of tries to draw a crop that lies within the image. */
const TRIES = 10;

/** Word by word the same numbers whatever the batch: block t of an image's counter is try t, the one after them its flip. */
const boxKernel: Kernel = {
  key: 'augment:boxes',
  inputs: { indices: 'u32', step: 'u32' },
  outputs: { boxes: 'u32' },
  uniforms: {
    batch: 'u32',
    height: 'u32',
    width: 'u32',
    key0: 'u32',
    key1: 'u32',
    stream: 'u32',
    scale_min: 'f32',
    scale_max: 'f32',
    log_ratio_min: 'f32',
    log_ratio_max: 'f32',
    flip: 'u32',
  },
  source: () => `
    ${philoxSource}
    fn draw(block: u32, image: u32) -> vec4u {
      return philox(vec4u(block, image, step[0], uniforms.stream), vec2u(uniforms.key0, uniforms.key1));
    }
    fn between(least: f32, most: f32, word: u32) -> f32 { return least + (most - least) * uniform_of(word); }
    /** A number below n, itself below 65,536. */
    fn below(n: u32, word: u32) -> u32 { return ((word >> 16u) * n) >> 16u; }
    /** torchvision's fallback: the largest box in the middle with a ratio that is allowed. */
    fn middle() -> vec4u {
      let height = f32(uniforms.height);
      let width = f32(uniforms.width);
      let ratio = clamp(width / height, exp(uniforms.log_ratio_min), exp(uniforms.log_ratio_max));
      let own = vec2u(
        u32(clamp(round(width / ratio), 1.0, height)),
        u32(clamp(round(height * ratio), 1.0, width)),
      );
      return vec4u((uniforms.height - own.x) / 2u, (uniforms.width - own.y) / 2u, own);
    }
    ${threadPerItem(
      'uniforms.batch',
      `let image = indices[i];
      let area = f32(uniforms.height * uniforms.width);
      var box = middle();
      for (var t = 0u; t < ${TRIES}u; t++) {
        let words = draw(t, image);
        let target_area = area * between(uniforms.scale_min, uniforms.scale_max, words.x);
        let ratio = exp(between(uniforms.log_ratio_min, uniforms.log_ratio_max, words.y));
        let height = u32(round(sqrt(target_area / ratio)));
        let width = u32(round(sqrt(target_area * ratio)));
        if (height > 0u && height <= uniforms.height && width > 0u && width <= uniforms.width) {
          let top = below(uniforms.height - height + 1u, words.z);
          box = vec4u(top, below(uniforms.width - width + 1u, words.w), height, width);
          break;
        }
      }
      for (var part = 0u; part < 4u; part++) { boxes[5u * i + part] = box[part]; }
      boxes[5u * i + 4u] = uniforms.flip & (draw(${TRIES}u, image).x >> 31u);`,
    )}`,
};

/**
 * Draws one crop per image.
 * @param indices int32 `[n]`.
 * @param stored height and width of the images, below 65,536.
 * @returns int32 `[n, 5]`, see `Box`.
 */
export function drawBoxes(
  indices: tf.Tensor1D,
  [height, width]: readonly [number, number],
  { crop, flip }: Augmentation,
  { key, step, stream }: AugmentStream,
): tf.Tensor2D {
  const batch = indices.shape[0];
  const [boxes] = runKernel(boxKernel, {
    inputs: [indices, step],
    outputs: [{ shape: [batch, 5], dtype: 'int32' }],
    uniforms: {
      batch,
      height,
      width,
      key0: key[0],
      key1: key[1],
      stream,
      scale_min: crop.scale[0],
      scale_max: crop.scale[1],
      log_ratio_min: Math.log(crop.ratio[0]),
      log_ratio_max: Math.log(crop.ratio[1]),
      flip: flip ? 1 : 0,
    },
    groups: groupsFor(batch),
  });
  return boxes as tf.Tensor2D;
}

/** The square in the middle, as evaluation sees an image. */
export function centreBox([height, width]: readonly [number, number], size: number): Box {
  return [Math.floor((height - size) / 2), Math.floor((width - size) / 2), size, size, 0];
}

/**
 * The gather kernel of `image-view.ts` with crops: a thread per pixel of the network's image. Where a pixel of the stored image is
 * hit exactly its value is kept bit for bit, since positions are computed in whole numbers.
 */
export const cropKernel: Kernel = {
  key: 'augment:crop',
  inputs: { pixels: 'u32', table: 'f32', indices: 'i32', all_labels: 'i32', boxes: 'u32' },
  outputs: { images: 'f32', labels: 'i32' },
  uniforms: {
    batch: 'u32',
    boxes: 'u32',
    size: 'u32',
    height: 'u32',
    width: 'u32',
    channels: 'u32',
    first: 'u32',
    count: 'u32',
  },
  source: () => `
    struct Taps { lower: u32, upper: u32, weight: f32 }
    /** The two pixels of a side of \`length\` that pixel \`at\` of the resized one lies between. */
    fn taps(at: u32, length: u32) -> Taps {
      let position = max((2u * at + 1u) * length, uniforms.size) - uniforms.size;
      let lower = position / (2u * uniforms.size);
      let weight = f32(position % (2u * uniforms.size)) / f32(2u * uniforms.size);
      return Taps(lower, min(lower + 1u, length - 1u), weight);
    }
    fn pixel_at(image: u32, y: u32, x: u32, channel: u32) -> f32 {
      let at = ((image * uniforms.height + y) * uniforms.width + x) * uniforms.channels + channel;
      return table[channel * 256u + ((pixels[at / 4u] >> (8u * (at % 4u))) & 255u)];
    }
    ${threadPerItem(
      'uniforms.batch * uniforms.size * uniforms.size',
      `let row = i / (uniforms.size * uniforms.size);
      let image = u32(indices[row]) - uniforms.first;
      if (image >= uniforms.count) { return; }
      let pixel = i % (uniforms.size * uniforms.size);
      if (pixel == 0u) { labels[row] = all_labels[image + uniforms.first]; }
      let box = 5u * (row % uniforms.boxes);
      let across = pixel % uniforms.size;
      let y = taps(pixel / uniforms.size, boxes[box + 2u]);
      let x = taps(select(across, uniforms.size - 1u - across, boxes[box + 4u] == 1u), boxes[box + 3u]);
      let top = boxes[box];
      let left = boxes[box + 1u];
      for (var channel = 0u; channel < uniforms.channels; channel++) {
        let upper_left = pixel_at(image, top + y.lower, left + x.lower, channel);
        let upper_right = pixel_at(image, top + y.lower, left + x.upper, channel);
        let lower_left = pixel_at(image, top + y.upper, left + x.lower, channel);
        let lower_right = pixel_at(image, top + y.upper, left + x.upper, channel);
        let upper = upper_left * (1.0 - x.weight) + upper_right * x.weight;
        let lower = lower_left * (1.0 - x.weight) + lower_right * x.weight;
        images[i * uniforms.channels + channel] = upper * (1.0 - y.weight) + lower * y.weight;
      }`,
    )}`,
};
