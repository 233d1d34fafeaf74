/** Waits that may all have to end at once, because what they wait for is no more. */
export interface Waits {
  /** As `work` ends, or with the error of `end`, whichever comes first. */
  wait<T>(work: Promise<T>): Promise<T>;
  /** Rejects what is waited for now and later. */
  end(error: Error): void;
}

/**
 * Makes waits for something that lives long, a device or a worker. `Promise.race` with a promise of its end would keep what every
 * race gave for as long as that promise is open: this keeps nothing of a wait that is over.
 */
export function createWaits(): Waits {
  const open = new Set<(error: Error) => void>();
  let ended: Error | undefined;
  return {
    wait: (work) =>
      new Promise((resolve, reject) => {
        if (ended) reject(ended);
        else open.add(reject);
        work.then(resolve, reject).finally(() => open.delete(reject));
      }),
    end(error) {
      ended ??= error;
      for (const reject of open) reject(ended);
      open.clear();
    },
  };
}
