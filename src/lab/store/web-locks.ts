import type { Locks } from './locks';

/** Locks between the tabs and workers of this origin, which share its private storage. The browser frees the locks of a closed tab. */
export function webLocks(): Locks {
  return {
    async hold(name, work, { signal, onWait } = {}) {
      const key = `lethe-${name}`;
      const { held } = await navigator.locks.query();
      if (held?.some((lock) => lock.name === key)) onWait?.();
      return navigator.locks.request(key, signal ? { signal } : {}, () => work(signal));
    },
  };
}
