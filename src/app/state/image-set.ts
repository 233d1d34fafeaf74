import type { StoredImages } from '../../lab/data/dataset';
import { isKeptOnPage } from '../../lab/data/sources/source';
import type { Study } from '../../lab/study/study';

/** What the page needs of a data set: thumbnails and labels. */
export interface ImageSet {
  id: string;
  classes: string[];
  shape: [number, number, number];
  /** uint8 NHWC of the images of one split: all of them, or where they are too many, those that are asked for. */
  images: Uint8Array | StoredImages;
  labels: Int32Array;
  testCount: number;
}

/** The images if they belong to this data, otherwise undefined: example numbers would point at the wrong pictures. */
export function imagesOf(images: ImageSet | undefined, data: Study['data']): ImageSet | undefined {
  return images?.id === data.source && images.labels.length === data.train ? images : undefined;
}

/** Why there are no images to be seen. */
export function imagesAbsence({ source }: Study['data']): string {
  return isKeptOnPage(source)
    ? 'These images are not on this machine any more: open their files again.'
    : 'These images are not on this machine yet: running the study loads them.';
}
