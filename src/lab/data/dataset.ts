import type { Augmentation, Normalisation } from '../gpu/augment';
import type { ImageOrder } from '../image-order';

export type SplitName = 'train' | 'test';

/** How many examples of each split. */
export type Wanted = Record<SplitName, number>;

/** Images in the cache, of which there are more than memory may hold. */
export interface StoredImages {
  /**
   * uint8 NHWC of the images with these numbers, in their order.
   * @throws LetheError with one sentence when they are missing or damaged.
   */
  read(indices: Int32Array): Promise<Uint8Array>;
}

export interface Split {
  /** uint8 NHWC, in memory or to be read. */
  images: Uint8Array | StoredImages;
  labels: Int32Array;
  /** The labels as the source has them, where wrong ones were planted among `labels`. */
  trueLabels?: Int32Array;
  count: number;
  /** Index of each example in the set it was taken from, where it was taken from a larger one. */
  origin?: Int32Array;
}

/** A split whose images are in memory. */
export interface ResidentSplit extends Split {
  images: Uint8Array;
}

/** How stored images become what a network sees, on the device; without it they are whole and scaled to [0, 1]. */
export interface Transform {
  normalise?: Normalisation;
  augment?: Augmentation;
}

export interface Dataset<Kind extends Split = Split> extends Transform {
  id: string;
  classes: string[];
  /** height, width, channels, as stored. */
  shape: [number, number, number];
  train: Kind;
  test: Kind;
  /** Where every image is a file of its own. */
  order?: ImageOrder;
}
