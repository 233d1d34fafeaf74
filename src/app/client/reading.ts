import * as Comlink from 'comlink';
import { isAbort } from '../../lab/abort';
import { etaTimer } from '../../lab/eta';
import type { LabApi, WatchedReading } from '../../lab/lab-api';
import { LetheError } from '../../lab/settings';
import type { LoadProgress } from '../../lab/watch';
import type { AppStore } from '../state/store';
import type { Supervisor } from './supervisor';

/** Shorter readings show nothing: it would only flash. */
const SHOWN_AFTER_MS = 500;
/** The time that is left is told from so much work. */
const TIMED_MS = 2000;

/** Where a study that would not stop had to be ended with the worker. */
const RESTARTED = 'The lab was restarted while it was read: open it again.';

/** The reader of the page ended a reading; the message says so. */
export class ReadingCancelled extends Error {
  override name = 'ReadingCancelled';
}

/** Asks the worker for something of a file; what it is given tells the worker whom to report to and what to be ended by. */
export type ReadFile = <T>(
  use: (api: Comlink.Remote<LabApi>, ...watched: Required<WatchedReading>) => Promise<T>,
) => Promise<T>;

let count = 0;

/**
 * Reads a file or folder in the worker. What takes more than a moment is told of in the page's notices, with how far it is and a
 * button that ends it.
 * @param name what the notice calls it
 * @returns rejects with `ReadingCancelled` at once when it is ended, whatever the worker still makes of it
 */
export function watchedReading(
  store: AppStore,
  supervisor: Pick<Supervisor, 'call'>,
  name: string,
): ReadFile {
  return (use) =>
    new Promise((resolve, reject) => {
      const { showReading, tellReading, endReading } = store.getState();
      const id = `reading-${count++}`;
      let ended = false;
      const etaOf = etaTimer(() => performance.now(), TIMED_MS);
      const onProgress = (progress: LoadProgress) => {
        if (!ended) tellReading(id, { ...progress, etaSeconds: etaOf(progress) });
      };
      const end = () => {
        ended = true;
        clearTimeout(showing);
        endReading(id);
      };
      const cancel = () => {
        end();
        supervisor.call((api) => api.cancelReading(id)).catch(() => {});
        reject(new ReadingCancelled(`Reading ${name} was cancelled; the study is unchanged.`));
      };
      const showing = setTimeout(() => showReading({ id, name, cancel }), SHOWN_AFTER_MS);
      supervisor
        .call((api) => use(api, id, Comlink.proxy(onProgress)))
        .finally(end)
        .then(resolve, (error) => reject(isAbort(error) ? new LetheError(RESTARTED) : error));
    });
}
