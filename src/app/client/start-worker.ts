import type { Endpoint } from 'comlink';
import labWorker from '../../../workers/lab.worker?worker&url';
import { READY } from '../../lab/lab-api';
import type { LabWorker } from './supervisor';

/**
 * Starts the lab's worker. A worker that runs out of memory or is killed tells nobody; but it holds a lock under its own
 * name as long as it lives, and whoever asks for that lock is answered when it ends, whatever the reason.
 */
export function startWorker(): LabWorker {
  const name = `lethe-lab-${crypto.randomUUID()}`;
  const address = new URL(labWorker, import.meta.url);
  // The worker reads its options from the query of the page's address.
  for (const [key, value] of new URLSearchParams(location.search)) address.searchParams.set(key, value);
  const worker = new Worker(address, { type: 'module', name });
  const died = new Promise<string>((resolve) => {
    worker.addEventListener('error', (event) => {
      // Errors inside a running worker also arrive here; only one that kept it from loading has no message.
      if (!event.message) resolve('The lab could not be loaded; check the connection and try again.');
    });
    worker.addEventListener('message', (event) => {
      if (event.data === READY)
        navigator.locks.request(name, () => resolve('The lab’s worker ended unexpectedly.'));
    });
  });
  return { port: worker as Endpoint, died, terminate: () => worker.terminate() };
}
