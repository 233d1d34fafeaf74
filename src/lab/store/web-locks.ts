import type { Locks } from './locks';

/** Locks between the tabs and workers of this origin, which share its private storage. The browser frees the locks of a closed tab. */
export function webLocks(): Locks {
  return {
    async hold(name, work, { signal, onWait } = {}) {
      const key = `lethe-${name}`;
      // A frame of another site whose storage is blocked is refused locks; it then shares nothing that needs one.
      const known = await navigator.locks?.query().catch(() => undefined);
      if (!known) return work(signal);
      if (known.held?.some((lock) => lock.name === key)) onWait?.();
      return navigator.locks.request(key, signal ? { signal } : {}, () => work(signal));
    },
  };
}
