import * as Comlink from 'comlink';
import type { DecodeImages } from '../src/lab/data/decode';
import { LetheError } from '../src/lab/settings';
import type { Decoder } from './decode.worker';

/** Images that one worker decodes at a time; full-size photographs take some megabytes each. */
const AT_ONCE = 64;

/** Decodes with the browser, in workers that are started when the first image comes. */
export function decodePool(size = Math.max(1, Math.min(4, navigator.hardwareConcurrency - 1))): DecodeImages {
  let decoders: Comlink.Remote<Decoder>[] | undefined;
  const start = () =>
    Comlink.wrap<Decoder>(new Worker(new URL('./decode.worker.ts', import.meta.url), { type: 'module' }));
  return async (files, frame, signal) => {
    decoders ??= Array.from({ length: size }, start);
    const imageBytes = frame.height * frame.width * 3;
    const out = new Uint8Array(files.length * imageBytes);
    let next = 0;
    const work = async (decoder: Comlink.Remote<Decoder>) => {
      for (let from = next; from < files.length; from = next) {
        next += AT_ONCE;
        signal?.throwIfAborted();
        out.set(await decoder.decode(files.slice(from, from + AT_ONCE), frame), from * imageBytes);
      }
    };
    try {
      await Promise.all(decoders.map(work));
    } catch (error) {
      signal?.throwIfAborted();
      // Errors lose their class on the way from a worker.
      throw new LetheError((error as Error).message);
    }
    return out;
  };
}
