/** Exclusive locks between processes or tabs that share a folder. Names have the form of an artifact's key. */
export interface Locks {
  /**
   * A lock may be lost while `work` runs: a process that stood still for long counts as dead. Then the signal given to `work`
   * aborts, and `work` is called again from its beginning as soon as the lock is free. Otherwise it runs once, when nobody else
   * holds `name`.
   * @throws what `work` throws, and the signal's reason when it is aborted while waiting.
   */
  hold<T>(name: string, work: (signal?: AbortSignal) => Promise<T>, options?: HoldOptions): Promise<T>;
}

export interface HoldOptions {
  signal?: AbortSignal;
  /** Called, possibly many times, while somebody else holds the lock. */
  onWait?: () => void;
  /** The holder has given a sign of life; what is thrown here ends the waiting. `mark` says who it is, where that can be told. */
  onAlive?: (mark: string) => void;
}
