import type { StoredImages } from '../../lab/data/dataset';
import type { Study } from '../../lab/study/study';

/** What the page needs of a data set: thumbnails and labels. */
export interface ImageSet {
  id: string;
  classes: string[];
  shape: [number, number, number];
  /** uint8 NHWC of the training images: all of them, or where they are too many, those that are asked for. */
  images: Uint8Array | StoredImages;
  labels: Int32Array;
  testCount: number;
}

/** The images if they belong to this data, otherwise undefined: example numbers would point at the wrong pictures. */
export function imagesOf(images: ImageSet | undefined, data: Study['data']): ImageSet | undefined {
  return images?.id === data.source && images.labels.length === data.train ? images : undefined;
}
