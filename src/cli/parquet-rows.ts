import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import {
  boundedRows,
  type DecodeRows,
  decodeRows,
  type RowsAnswer,
  type RowsWorker,
} from '../lab/data/readers/parquet-rows';

/** Built beside the command line. */
const WORKER = new URL('./parquet-worker.mjs', import.meta.url);
/** Megabytes of a worker's own objects; bytes of images are not among them. */
const HEAP_MB = 1024;

/** Decodes row groups of parquet files in a thread that can be ended; on this thread when run from sources (no worker is built then). */
export function nodeRows(worker = WORKER): DecodeRows {
  return existsSync(worker) ? boundedRows(() => startWorker(worker)) : decodeRows;
}

function startWorker(file: URL): RowsWorker {
  const worker = new Worker(file, { resourceLimits: { maxOldGenerationSizeMb: HEAP_MB } });
  return {
    decode(request, onStart) {
      // An idle thread must not keep the process alive.
      worker.ref();
      let listen = (_: 'started' | RowsAnswer) => {};
      let fail = (_: Error) => {};
      return new Promise<RowsAnswer>((resolve, reject) => {
        listen = (message) => (message === 'started' ? onStart() : resolve(message));
        fail = reject;
        worker.on('message', listen);
        worker.on('error', fail);
        worker.postMessage(
          request,
          request.columns.map(({ bytes }) => bytes.buffer),
        );
      }).finally(() => {
        worker.off('message', listen);
        worker.off('error', fail);
        worker.unref();
      });
    },
    end: () => void worker.terminate(),
  };
}
