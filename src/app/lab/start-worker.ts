import type { Endpoint } from 'comlink';
import { READY } from '../../lab/session/ready';
import type { LabWorker } from './supervisor';

/**
 * Starts the lab's worker. A worker that runs out of memory or is killed tells nobody; but it holds a lock under its own
 * name as long as it lives, and whoever asks for that lock is answered when it ends, whatever the reason.
 */
export function startWorker(): LabWorker {
  const name = `lethe-lab-${crypto.randomUUID()}`;
  const worker = new Worker(new URL('../../../workers/lab.worker.ts', import.meta.url), {
    type: 'module',
    name,
  });
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
