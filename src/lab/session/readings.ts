import { abortError } from '../abort';
import type { WatchedReading } from '../lab-api';
import type { LoadProgress, Watch } from '../watch';
import { gather } from './gather';

/** At most ten messages a second. */
const INTERVAL_MS = 100;

/** Readings of files that are under way, beside whatever else is done. */
export interface Readings {
  /** @throws an AbortError, whatever the reader made of it, when the reading was cancelled. */
  read<T>(watched: WatchedReading, work: (watch: Watch) => Promise<T>): Promise<T>;
  /** Ends a reading; nothing where it has ended already. */
  cancel(reading: string): void;
}

export function createReadings(): Readings {
  const underWay = new Map<string, AbortController>();
  return {
    async read([reading, onProgress], work) {
      const own = new AbortController();
      const { signal } = own;
      if (reading !== undefined) underWay.set(reading, own);
      let ended = false;
      const told = gather<LoadProgress>(async (seen) => {
        if (!ended) await onProgress?.(seen.at(-1)!);
      }, INTERVAL_MS);
      try {
        return await work({ signal, onProgress: onProgress && told.add });
      } catch (error) {
        // Readers take whatever goes wrong for a damaged file.
        signal.throwIfAborted();
        throw error;
      } finally {
        ended = true;
        if (reading !== undefined) underWay.delete(reading);
      }
    },
    cancel: (reading) => underWay.get(reading)?.abort(abortError('The reading was cancelled.')),
  };
}
