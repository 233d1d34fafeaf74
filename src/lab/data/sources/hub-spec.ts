import type { SplitName } from '../dataset';
import type { DatasetSource } from './source';

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
export interface HubSpec extends Omit<DatasetSource, 'load' | 'loadCached' | 'toLoad'> {
  /** `owner/name`. */
  repository: string;
  /** Commit of the repository. */
  revision: string;
  /** In the order of their images. */
  files: HubFile[];
  /** Scaled until its shorter side is as long as `shape`'s and cut around its centre; absent: every image has this shape. */
  resized?: boolean;
  /** Raised when the same files are decoded into other pixels than before: what the cache holds is then made anew. Absent: 1. */
  reading?: number;
}
