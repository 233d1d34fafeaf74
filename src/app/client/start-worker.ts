import type { Endpoint } from 'comlink';
import labWorker from '../../../workers/lab.worker?worker&url';
import { BEAT, READY } from '../../lab/lab-api';
import { LetheError } from '../../lab/settings';
import { notLoadedText } from '../ui/not-loaded-text';
import { openWorker } from './open-worker';
import type { LabWorker } from './supervisor';
import { takeTilingSetting } from './tiling-setting';
import { watchBeats } from './watch-beats';

const ENDED = 'The lab’s worker ended unexpectedly.';

/**
 * Starts the lab's worker. A worker that runs out of memory or is killed tells nobody; but it holds a lock under its own
 * name as long as it lives, and whoever asks for that lock is answered when it ends, whatever the reason. Where it is refused a lock (in
 * a frame of another site, without storage) it sends beats instead, which are missed when it is gone.
 * @throws LetheError where the page may start no workers.
 */
export function startWorker(): LabWorker {
  // The worker's options are those of the page's address.
  const options = new URLSearchParams(location.search);
  if (!options.has('tilings')) options.set('tilings', takeTilingSetting());
  // They stand in its name. In its address they would make it another module than the one that its own chunks import, which
  // would load everything a second time, TensorFlow.js and its device included.
  const name = `lethe-lab-${crypto.randomUUID()}?${options}`;
  const worker = openWorker(() => new Worker(new URL(labWorker, import.meta.url), { type: 'module', name }));
  const beats = watchBeats();
  const died = new Promise<string | Error>((resolve) => {
    worker.addEventListener('error', (event) => {
      // Errors inside a running worker also arrive here; only one that kept it from loading has no message.
      if (!event.message) resolve(new LetheError(notLoadedText('The lab')));
    });
    worker.addEventListener('message', ({ data }) => {
      if (data === BEAT) beats.take(() => resolve(ENDED));
      if (data !== READY) return;
      navigator.locks
        .request(name, () => resolve(ENDED))
        // The worker has its lock, so the page is not refused one.
        .catch(() => {});
    });
  });
  const terminate = () => {
    beats.end();
    worker.terminate();
  };
  return { port: worker as Endpoint, died, terminate };
}
