/**
 * Reads values from the device while the host goes on. The host records at most `depth` steps ahead, so the queue of
 * unfinished work stays bounded and no step waits for its own result.
 */
export interface Readback {
  /** Takes a read that is under way; waits for the oldest when there are more than `depth`. Its failure is thrown here or in `drain`. */
  add(read: Promise<void>): Promise<void>;
  /** Waits for all. */
  drain(): Promise<void>;
}

export function readback(depth: number): Readback {
  const pending: Promise<void>[] = [];
  return {
    async add(read) {
      // When the caller stops early nobody awaits the rest, and a failure among it would count as an unhandled rejection.
      read.catch(() => undefined);
      pending.push(read);
      if (pending.length > depth) await pending.shift();
    },
    async drain() {
      while (pending.length) await pending.shift();
    },
  };
}
