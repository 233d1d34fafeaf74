import type { ImageOrder } from '../../image-order';
import { type Entry, LetheError } from '../../settings';
import type { Locks } from '../../store/locks';
import type { PartialFiles } from '../../store/partial-files';
import type { ArtifactStore } from '../../store/store';
import type { Watch } from '../../watch';
import type { Dataset, Transform, Wanted } from '../dataset';
import type { DecodeImages } from '../decode/decode';
import type { ReadReport } from '../read-report';
import type { DecodeRows } from '../readers/parquet-rows';

/** Ids of data sets that were brought to the page, by their content. */
export const OWN_DATA_PREFIX = 'file:';

/** Whether a study's source is one that only the page that it was brought to has. */
export const isKeptOnPage = (source: string): boolean => source.startsWith(OWN_DATA_PREFIX);

/**
 * Where bytes come from: `fetch` beside the page, files in Node. A relative path (`data/fashion-mnist-mini/manifest.json`) is
 * meant from the site's root, `public/` in the repository. `onProgress` is told the bytes received so far.
 */
export type ReadAsset = (
  path: string,
  options?: { signal?: AbortSignal; onProgress?: (bytes: number) => void },
) => Promise<Uint8Array>;

/** Where data sets that are not shipped with Lethe are kept, decoded, once they were loaded. */
export type DataCache = ArtifactStore;

/**
 * Bytes of images that a study may hold in memory, and on the device, unless told otherwise: much more than CIFAR-10 and SVHN
 * take, and little enough for a browser's tab, which holds them once more while they are uploaded.
 */
export const DATA_MEMORY = 2 ** 30;

/** What it takes to load such a data set in the first place. */
export interface DataHost {
  cache: DataCache;
  /** Downloads on their way. */
  files: PartialFiles;
  /** For those who share `cache` and `files`. */
  locks: Locks;
  decode: DecodeImages;
  /** Default: on the thread that calls it. */
  rows?: DecodeRows;
  /** Bytes of images that may be held in memory: a larger set is read from the cache while it is used. Default is `DATA_MEMORY`. */
  memory?: number;
  /** Root of the addresses that data sets are downloaded from, with a slash at its end. */
  hub: string;
  /** What to try where that is not reached, as the end of a sentence. */
  unreachable?: string;
}

export interface LoadOptions extends Watch {
  /** Absent: only what is shipped with Lethe can be loaded. */
  host?: DataHost;
}

/** What has to be loaded before a data set can be used, in bytes; about. */
export interface ToLoad {
  download: number;
  /** What then lies in the cache. */
  kept: number;
}

/** A data set that can be named in a study. */
export interface DatasetSource extends Entry, Transform {
  classes: string[];
  shape: [number, number, number];
  /** What the source holds; a study may ask for less. */
  available: Wanted;
  /** Of a data set that somebody brought: what was read of the files. */
  report?: ReadReport;
  /** Of a data set that somebody brought, where every image is a file of its own. */
  order?: ImageOrder;
  /**
   * The same of a data set that the cache holds; undefined where its images are no files of their own.
   * @throws LetheError where they are, but their names are not kept.
   */
  loadOrder?(cache: DataCache): Promise<ImageOrder | undefined>;
  load(want: Wanted, read: ReadAsset, options?: LoadOptions): Promise<Dataset>;
  /** For a data set that is not shipped with Lethe: what the cache holds, if that is all that is wanted; `memory` as in `DataHost`. */
  loadCached?(want: Wanted, cache: DataCache, memory?: number): Promise<Dataset | undefined>;
  /** For a data set that is downloaded: what the cache lacks of these images. */
  toLoad?(want: Wanted, cache: DataCache): Promise<ToLoad>;
}

/**
 * No test images at all is fine for who only looks at the training images; a study's schema asks for some.
 * @throws LetheError when a source cannot give as many examples as are wanted.
 */
export function checkWanted(want: Wanted, source: Pick<DatasetSource, 'label' | 'available'>): void {
  for (const [split, least] of [
    ['train', 1],
    ['test', 0],
  ] as const) {
    const most = source.available[split];
    if (!Number.isInteger(want[split]) || want[split] < least || want[split] > most)
      throw new LetheError(
        `${source.label} has ${most} ${split} images: a study can use 1 to ${most} of them, not ${want[split]}.`,
      );
  }
}
