/** Hands items on in batches. */
export interface Gatherer<T> {
  add(item: T): void;
  /** Resolves when everything that was added has arrived. */
  drained(): Promise<void>;
}

/**
 * Batches what is added in one go or while a batch is on its way: one batch at a time, at most one every `interval`
 * milliseconds, and none before the last has arrived, so that a slow receiver gets fewer and larger ones.
 * @param send resolves when the batch has arrived; a receiver that is gone may reject, which drops the batch
 */
export function gather<T>(send: (items: T[]) => Promise<unknown>, interval: number): Gatherer<T> {
  let waiting: T[] = [];
  let sending: Promise<void> | undefined;

  async function sendAll(): Promise<void> {
    // What is said in the same breath goes together.
    await undefined;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      const pause = new Promise((resolve) => setTimeout(resolve, interval));
      await send(batch).catch(() => {});
      await pause;
    }
    sending = undefined;
  }

  return {
    add(item) {
      waiting.push(item);
      sending ??= sendAll();
    },
    async drained() {
      while (sending) await sending;
    },
  };
}
