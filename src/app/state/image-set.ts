import type { Study } from '../../lab/study/study';
import type { ImageSet } from '../client/images';

/** The images, if they are those of this data: what numbers its examples otherwise would point at the wrong pictures. */
export function imagesOf(images: ImageSet | undefined, data: Study['data']): ImageSet | undefined {
  return images?.id === data.source && images.labels.length === data.train ? images : undefined;
}
