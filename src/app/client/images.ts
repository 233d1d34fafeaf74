import type { Dataset, SplitName } from '../../lab/data/dataset';
import { fetchFrom } from '../../lab/data/fetch-asset';
import { datasetSources } from '../../lab/data/sources';
import type { DataCache } from '../../lab/data/sources/source';
import type { Study } from '../../lab/study/study';
import type { ImageSet } from '../state/image-set';
import { loadPart } from './load-part';

/** Bytes of images that the page holds for thumbnails, beside the worker's; more are read as they come into view. */
const MEMORY = 2 ** 28;

/**
 * Thumbnails and labels of a study's images of one split. Read by the page itself, so that the forget set needs no worker; undefined
 * when they are not on this machine, since only a study that is run downloads data.
 */
export async function loadImages(
  data: Study['data'],
  split: SplitName,
  signal?: AbortSignal,
): Promise<ImageSet | undefined> {
  if (!datasetSources.find(data.source)) await ownSources();
  const source = datasetSources.find(data.source);
  if (!source) return undefined;
  // No source gives none to train on.
  const want = split === 'train' ? { train: data.train, test: 0 } : { train: 1, test: data.test };
  const loaded: Dataset | undefined = source.loadCached
    ? await openCache().then((cache) => cache && source.loadCached!(want, cache, MEMORY))
    : await source.load(want, fetchFrom(document.baseURI), { signal });
  if (!loaded) return undefined;
  const { id, classes, shape } = loaded;
  const { images, labels } = loaded[split];
  return { id, classes, shape, images, labels, testCount: data.test };
}

/** The data sets that the worker keeps; undefined where the browser gives no private storage. */
async function openCache(): Promise<DataCache | undefined> {
  const { opfsStore } = await loadPart(() => import('../../lab/store/opfs'));
  const { DATA_FOLDER } = await loadPart(() => import('../../lab/data/sources/stored-source'));
  return opfsStore(DATA_FOLDER).catch(() => undefined);
}

/** Makes the page know the data sets that its reader has brought before. */
export async function ownSources(): Promise<void> {
  const { storedSources } = await loadPart(() => import('../../lab/data/sources/stored-source'));
  const cache = await openCache();
  for (const source of cache ? await storedSources(cache) : []) datasetSources.add(source);
}
