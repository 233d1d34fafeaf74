import { datasetSources } from '../../lab/data';
import { fetchFrom } from '../../lab/data/fetch-asset';
import type { DataView as ImageSet } from '../../lab/session/events';
import type { Study } from '../../lab/study/study';

/**
 * Thumbnails and labels of a study's training images, read by the page itself: the forget set is shown before, and without,
 * any worker. undefined when the source is not one of the page's own.
 */
export async function loadImages(data: Study['data'], signal: AbortSignal): Promise<ImageSet | undefined> {
  const source = datasetSources.find(data.source);
  if (!source) return undefined;
  const { id, classes, shape, train } = await source.load(
    { train: data.train, test: 0 },
    fetchFrom(document.baseURI),
    { signal },
  );
  return { id, classes, shape, images: train.images, labels: train.labels, testCount: data.test };
}
