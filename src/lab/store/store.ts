import type { Watch } from '../watch';

/** Keeps artifacts, each under a key: the hash of everything that went into it. */
export interface ArtifactStore {
  /** undefined when absent or unreadable (a damaged artifact is recomputed, never trusted). */
  get(key: string): Promise<Uint8Array | undefined>;
  /**
   * The bytes from `from` to before `to`, fewer where the artifact ends before; undefined when it is absent. The checksum covers
   * the whole and is not checked here: `get` the artifact once before you trust parts of it.
   */
  read(key: string, from: number, to: number): Promise<Uint8Array | undefined>;
  /**
   * All or nothing: a crash, or `watch.signal`, leaves either the old state or the whole new one. Above `LARGE_ARTIFACT` the bytes must
   * not be changed before it settles; only of those it tells how far it is.
   */
  put(key: string, bytes: Uint8Array, watch?: Watch): Promise<void>;
  has(key: string): Promise<boolean>;
  delete(key: string): Promise<void>;
  keys(): Promise<string[]>;
}
