import { checkWanted, type DatasetSource, type SplitName } from './source';

/** One parquet file of a data set on the hub. */
export interface HubFile {
  /** In the repository. */
  path: string;
  split: SplitName;
  /** Size in bytes; about, where no checksum pins the content. */
  bytes: number;
  /** Hexadecimal, where it is known. Without it the file is checked by its structure, its rows and its labels. */
  sha256?: string;
}

/** A data set of the Hugging Face hub, pinned to a revision: its files' content cannot change. */
export interface HubSpec extends Omit<DatasetSource, 'load' | 'loadHeld' | 'toLoad'> {
  /** `owner/name`. */
  repository: string;
  /** Commit of the repository. */
  revision: string;
  /** In the order of their images. */
  files: HubFile[];
  /** Scaled until its shorter side is as long as `shape`'s and cut around its centre; absent: every image has this shape. */
  resized?: boolean;
}

/** Where the hub is, unless a mirror is given. */
export const HUB = 'https://huggingface.co/datasets/';

/** A registry entry for a data set on the hub. What loads it comes when it is needed: a page shows its entry at once. */
export function hubSource(spec: HubSpec): DatasetSource {
  return {
    ...spec,
    async load(want, _read, options = {}) {
      checkWanted(want, spec);
      const { loadFromHub } = await import('./hub-load');
      return loadFromHub(spec, want, options);
    },
    async toLoad(want, cache) {
      const { toLoad } = await import('./hub-load');
      return toLoad(spec, want, cache);
    },
    async loadHeld(want, cache, memory) {
      const { loadHeld } = await import('./hub-load');
      return loadHeld(spec, want, cache, memory);
    },
  };
}
