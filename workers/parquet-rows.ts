import * as Comlink from 'comlink';
import { boundedRows, type DecodeRows } from '../src/lab/data/readers/parquet-rows';
import type { RowsDecoder } from './parquet.worker';

/** Decodes row groups of parquet files in a worker that can be ended. */
export function browserRows(): DecodeRows {
  return boundedRows(() => {
    const worker = new Worker(new URL('./parquet.worker.ts', import.meta.url), { type: 'module' });
    const decoder = Comlink.wrap<RowsDecoder>(worker);
    return {
      decode: (request, onStart) =>
        new Promise((resolve, reject) => {
          // Its memory ran out, or it could not be loaded.
          worker.onerror = () => reject(new Error('it ended'));
          const buffers = request.columns.map(({ bytes }) => bytes.buffer);
          decoder
            .decode(Comlink.transfer(request, buffers), Comlink.proxy(onStart))
            .then(resolve as never, reject);
        }),
      end: () => worker.terminate(),
    };
  });
}
