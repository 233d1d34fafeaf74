import * as Comlink from 'comlink';
import type { DecodeImages } from '../src/lab/data/decode/decode';
import { type DecodeWorker, decodePool } from '../src/lab/data/decode/decode-pool';
import type { Decoder } from './decode.worker';

/** Decodes with the browser. */
export function browserDecoder(): DecodeImages {
  return decodePool(startWorker, Math.max(1, Math.min(4, navigator.hardwareConcurrency - 1)));
}

function startWorker(): DecodeWorker {
  const worker = new Worker(new URL('./decode.worker.ts', import.meta.url), { type: 'module' });
  const decoder = Comlink.wrap<Decoder>(worker);
  return {
    decode: (files, frame) => {
      const buffers = files.map(({ buffer }) => buffer);
      return decoder.decode(Comlink.transfer(files, buffers), frame);
    },
    end: () => worker.terminate(),
  };
}
