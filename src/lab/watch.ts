export interface LoadProgress {
  done: number;
  total: number;
  counted: 'bytes' | 'images';
  /** Somebody else (a process, a tab) is loading the same data, for which this one waits. */
  waiting?: true;
  /** What the cache holds is read and compared with its checksums. */
  checking?: true;
  /** Files that somebody brought are read to tell, by their content, whether they are known. */
  identifying?: true;
  /** What was read is put into the cache. */
  keeping?: true;
}

/** How loading or reading is watched and ended. */
export interface Watch {
  signal?: AbortSignal;
  onProgress?: (progress: LoadProgress) => void;
}
