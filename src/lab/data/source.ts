import type { Entry } from '../settings';

export interface Split {
  /** uint8 NHWC. */
  images: Uint8Array;
  labels: Int32Array;
  count: number;
}

export interface Dataset {
  id: string;
  classes: string[];
  /** height, width, channels. */
  shape: [number, number, number];
  train: Split;
  test: Split;
}

export interface LoadProgress {
  done: number;
  total: number;
  unit: 'bytes' | 'images';
}

/** Where bytes come from: `fetch` beside the page, files in Node. */
export type ReadAsset = (
  path: string,
  options?: { signal?: AbortSignal; onProgress?: (bytes: number) => void },
) => Promise<Uint8Array>;

/** A data set that can be named in a study. */
export interface DatasetSource extends Entry {
  classes: string[];
  shape: [number, number, number];
  /** What the source holds; a study may ask for less. */
  available: { train: number; test: number };
  load(
    want: { train: number; test: number },
    read: ReadAsset,
    options?: { signal?: AbortSignal; onProgress?: (progress: LoadProgress) => void },
  ): Promise<Dataset>;
}
