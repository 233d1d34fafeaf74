/** Lets one at a time work on what several processes or tabs share. Names have the form of an artifact's key. */
export interface Locks {
  /**
   * Does `work` once nobody else holds `name`. Its signal also tells when the lock was lost on the way (the process was stopped for
   * so long that it was taken for dead); then the work is done again from its beginning, once the lock is free.
   * @throws what `work` throws, and the signal's reason when it is aborted while waiting.
   */
  hold<T>(name: string, work: (signal?: AbortSignal) => Promise<T>, options?: HoldOptions): Promise<T>;
}

export interface HoldOptions {
  signal?: AbortSignal;
  /** Somebody else holds it; may be called again and again. */
  onWait?: () => void;
  /** The holder has given a sign of life; what is thrown here ends the waiting. `mark` says who it is, where that can be told. */
  onAlive?: (mark: string) => void;
}
