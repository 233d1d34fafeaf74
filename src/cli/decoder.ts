import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { DecodeImages } from '../lab/data/decode/decode';
import { type DecodeWorker, decodePool } from '../lab/data/decode/decode-pool';
import { decodeOnThread } from './decode-sharp';

/** Built beside the command line. */
const WORKER = new URL('./decode-worker.mjs', import.meta.url);

/**
 * Decodes in up to four threads; one core is left for whoever reads the files. With a single core, or when run
 * from sources (no worker is built then), it decodes on this thread.
 */
export function nodeDecoder(cores = availableParallelism(), worker = WORKER): DecodeImages {
  const size = Math.min(4, cores - 1);
  return size > 0 && existsSync(worker) ? decodePool(() => startWorker(worker), size) : decodeOnThread;
}

function startWorker(file: URL): DecodeWorker {
  const worker = new Worker(file);
  return {
    async decode(files, frame) {
      // An idle thread must not keep the process alive.
      worker.ref();
      try {
        const answer = once(worker, 'message');
        worker.postMessage(
          { files, frame },
          files.map(({ buffer }) => buffer),
        );
        return (await answer)[0];
      } finally {
        worker.unref();
      }
    },
    end: () => void worker.terminate(),
  };
}
